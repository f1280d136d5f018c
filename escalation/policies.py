"""Who may start, acknowledge and end an escalation, and change a path. Must not write.

Everybody who sees a program sees its escalations. Every answer comes with its reason.
"""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from escalation.models import Escalation
from programs import policies as programs
from programs.enums import PROGRAM_MANAGER, RISK_LEAD, SPONSOR, ProgramState
from programs.models import Program
from programs.selectors import Cast

ALIVE = (ProgramState.ACTIVE, ProgramState.RUNNING)


def is_alive(program: Program) -> bool:
    """Whether clocks run in this program."""
    return program.state in ALIVE


def may_start(actor: User, cast: Cast) -> Decision:
    """Press by hand: everybody with a role or deputy role here."""
    closed = _alive(cast)
    if not closed:
        return closed
    if any(actor.pk == person.pk for person in cast.people):
        return ALLOWED
    return refused("Only people with a role in this program may start an escalation.")


def may_acknowledge(actor: User, row: Escalation, cast: Cast) -> Decision:
    """Say "seen, I am on it": whoever was told, a role of the path, the risk's owner, or the program manager."""
    closed = _alive(cast)
    if not closed:
        return closed
    if any(call.user_id == actor.pk for rung in row.rungs.all() for call in rung.calls.all()):
        return ALLOWED
    on_path = [role.slug for level in row.path.levels.all() for role in level.roles.all()]
    owners = [cast.by_id[risk.owner_role_id].slug for risk in row.risks.all() if risk.owner_role_id in cast.by_id]
    if any(programs.in_role(actor, cast, slug) for slug in (*on_path, *owners, PROGRAM_MANAGER)):
        return ALLOWED
    return refused(f"Only those whom “{row.path.name}” reaches, or the program manager, may acknowledge this.")


def may_end(actor: User, row: Escalation, cast: Cast) -> Decision:
    """End it before its cause is gone: the program manager, the risk lead or the sponsor."""
    closed = _alive(cast)
    if not closed:
        return closed
    if any(programs.in_role(actor, cast, slug) for slug in (PROGRAM_MANAGER, RISK_LEAD, SPONSOR)):
        return ALLOWED
    return refused("Only the program manager, the risk lead or the sponsor may end an escalation by hand.")


def may_change_path(actor: User, cast: Cast) -> Decision:
    """Set who is told and after how long: the program manager."""
    closed = _alive(cast)
    return programs.may_manage(actor, cast) if closed else closed


def _alive(cast: Cast) -> Decision:
    if is_alive(cast.program):
        return ALLOWED
    return refused(f"This program is {cast.program.state}; nothing in it changes.")
