"""Who may do what after day 90, and why not (S75-S79, S94). Must not write.

Everybody who sees a program reads its calendar. It is kept by the AI risk and governance lead and the program manager.
"""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from governance.domain.standing import needs_sponsor
from governance.models import BenefitReading, ChangeRecord, GovernanceEvent
from programs import policies as programs
from programs.enums import PROGRAM_MANAGER, RISK_LEAD, SPONSOR, ProgramState
from programs.models import Role
from programs.selectors import Cast, active

ALIVE = (ProgramState.ACTIVE, ProgramState.RUNNING)
CHECKERS = (SPONSOR, RISK_LEAD, "finance-partner", "independent-reviewer")
"""Roles that verify a benefit reading."""


def may_keep(actor: User, cast: Cast) -> Decision:
    """Add and change events: the risk and governance lead, the program manager, or their deputies."""
    alive = _alive(cast)
    if not alive or _in(actor, cast, RISK_LEAD, PROGRAM_MANAGER):
        return alive
    lead, manager = _name(cast, RISK_LEAD), _name(cast, PROGRAM_MANAGER)
    return refused(
        f"The calendar is kept by the risk and governance lead ({lead}) and the program manager ({manager})."
    )


def may_hold(actor: User, event: GovernanceEvent, cast: Cast) -> Decision:
    """Say that an event was held and what came out: its owner, the deputy, or who keeps the calendar."""
    alive = _alive(cast)
    role = cast.by_id[event.owner_role_id]
    if not alive or _in(actor, cast, role.slug) or may_keep(actor, cast):
        return alive
    return refused(f"Only its owner ({_owner(role)}), the deputy or who keeps the calendar may do this.")


def may_defer(actor: User, event: GovernanceEvent, deferrals: int, cast: Cast) -> Decision:
    """Put an event off: who may hold it; for the third time and later only the sponsor or the deputy (S94)."""
    if not needs_sponsor(deferrals):
        return may_hold(actor, event, cast)
    alive = _alive(cast)
    if not alive or _in(actor, cast, SPONSOR):
        return alive
    return refused(
        f"It was put off {deferrals} times; only the sponsor ({_name(cast, SPONSOR)}) puts it off again (S94)."
    )


def may_report(actor: User, cast: Cast) -> Decision:
    """Say that a trigger happened, log a change: everybody with a role here, without a meeting (S77, S78)."""
    alive = _alive(cast)
    if not alive or cast.slugs_of(actor):
        return alive
    return refused("Only people with a role in this program may write here.")


def may_read_benefit(actor: User, event: GovernanceEvent | None, cast: Cast) -> Decision:
    """Record a benefit reading: the owner of its review, the deputy, or who keeps the calendar."""
    return may_keep(actor, cast) if event is None else may_hold(actor, event, cast)


def may_verify_benefit(actor: User, reading: BenefitReading, cast: Cast) -> Decision:
    """Verify a benefit reading: sponsor, finance, independent review or risk lead, never who recorded it (G2)."""
    alive = _alive(cast)
    if not alive:
        return alive
    if actor.pk == reading.recorded_by_id:
        return refused("You recorded this reading; somebody else has to verify it (G2).")
    if _in(actor, cast, *CHECKERS):
        return ALLOWED
    return refused(
        "Only the sponsor, the finance partner, the independent reviewer or the risk lead verifies readings."
    )


def may_approve(actor: User, change: ChangeRecord, cast: Cast) -> Decision:
    """Approve a change: the risk and governance lead or the sponsor, never who logged it (S78, G2)."""
    alive = _alive(cast)
    if not alive:
        return alive
    if actor.pk == change.logged_by_id:
        return refused("You logged this change; somebody else has to approve it (G2).")
    if _in(actor, cast, RISK_LEAD, SPONSOR):
        return ALLOWED
    lead, sponsor = _name(cast, RISK_LEAD), _name(cast, SPONSOR)
    return refused(f"Only the risk and governance lead ({lead}) or the sponsor ({sponsor}) approves changes.")


def _in(actor: User, cast: Cast, *slugs: str) -> bool:
    return actor.is_active and any(programs.in_role(actor, cast, slug) for slug in slugs)


def _alive(cast: Cast) -> Decision:
    state = cast.program.state
    return ALLOWED if state in ALIVE else refused(f"This program is {state}; nothing in it changes.")


def _name(cast: Cast, slug: str) -> str:
    return str(cast.holder(slug) or "nobody at present")


def _owner(role: Role) -> str:
    return f"{role.name}: {active(role.holder) or 'nobody at present'}"
