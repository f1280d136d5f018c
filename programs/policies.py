"""Who may do what to a program and its roles. Must not write."""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from programs.enums import PROGRAM_MANAGER, SPONSOR
from programs.selectors import Cast


def may_manage(actor: User, cast: Cast) -> Decision:
    """Plan, dates, people and reminders: the program manager, the manager's deputy, or an administrator."""
    if actor.is_administrator:
        return ALLOWED
    if in_role(actor, cast, PROGRAM_MANAGER):
        return ALLOWED
    manager = cast.manager
    who = f"the program manager ({manager})" if manager else "the program manager (nobody at present)"
    return refused(f"Only {who}, the deputy or an administrator may change this.")


def may_decide(actor: User, cast: Cast) -> Decision:
    """Record a gate decision: the sponsor or the sponsor's deputy, never the program manager (G2)."""
    if not in_role(actor, cast, SPONSOR):
        sponsor = cast.sponsor
        return refused(f"Only the sponsor ({sponsor or 'nobody at present'}) or the deputy may decide a gate.")
    if cast.manager is not None and cast.manager.pk == actor.pk:
        return refused("The program manager prepares a gate and cannot decide it (G2).")
    return ALLOWED


def in_role(actor: User, cast: Cast, slug: str) -> bool:
    """Whether the actor holds or deputises the role."""
    return actor.pk in {person.pk for person in (cast.holder(slug), cast.deputy(slug)) if person}
