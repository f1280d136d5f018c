"""Who may post a status update and who acknowledges it. Must not write."""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from programs.enums import PROGRAM_MANAGER, SPONSOR
from programs.policies import in_role
from programs.selectors import Cast


def may_post(actor: User, cast: Cast) -> Decision:
    """Post an update: the program manager or the deputy, of an active program."""
    if not cast.program.is_active:
        return refused(f"This program is {cast.program.state}; nothing in it changes.")
    if in_role(actor, cast, PROGRAM_MANAGER):
        return ALLOWED
    who = cast.manager or "nobody at present"
    return refused(f"Only the program manager ({who}) or the deputy posts status updates.")


def may_acknowledge(actor: User, posted_by_id: int, cast: Cast) -> Decision:
    """Acknowledge one: the sponsor or the deputy, never who posted it."""
    if not cast.program.is_active:
        return refused(f"This program is {cast.program.state}; nothing in it changes.")
    if not in_role(actor, cast, SPONSOR):
        who = cast.sponsor or "nobody at present"
        return refused(f"Only the sponsor ({who}) or the deputy acknowledges an update.")
    if actor.pk == posted_by_id:
        return refused("You posted this update; somebody else has to acknowledge it (G2).")
    return ALLOWED
