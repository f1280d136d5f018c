"""Who may work on, verify, move or hand over an item, and who may record an outcome. Must not write.

Every function answers with the reason, which pages show beside the missing button and services send with a 403.
"""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from phases.models import Criterion, Event, Evidence, PlanItem, Task
from phases.selectors.items import owners_of, responsible_for, verifiers_for
from programs import policies as programs
from programs.enums import PROGRAM_MANAGER, ProgramState
from programs.selectors import Cast


def may_work_on(actor: User, item: PlanItem, cast: Cast) -> Decision:
    """Add evidence, hand in, finish: who answers for the item or the role's deputy; the manager when nobody does."""
    closed = _open_program(item)
    if not closed:
        return closed
    found = responsible_for(item, cast)
    if actor.pk in (found.addressee, found.deputy):
        return ALLOWED
    if found.person is None and programs.in_role(actor, cast, PROGRAM_MANAGER):
        return ALLOWED
    owner = _name(found.addressee, cast, item)
    return refused(f"Only the owner ({owner}) or the deputy may do this.")


def may_verify(actor: User, criterion: Criterion, cast: Cast) -> Decision:
    """Accept or send back: the verifying role, never the owner or who handed it in (G2)."""
    closed = _open_program(criterion)
    if not closed:
        return closed
    if actor.pk in owners_of(criterion, cast) and not cast.program.small_team:
        return refused("You own this criterion or handed it in; somebody else has to verify it (G2).")
    allowed = verifiers_for(criterion, cast)
    if actor.pk in allowed:
        return ALLOWED
    role = cast.by_id[criterion.verifier_role_id]
    if not allowed:
        return refused(f"Nobody can verify this yet: name a {role.name} who does not own the criterion.")
    return refused(f"Only the verifier ({_name(allowed[0], cast, criterion)}) may do this.")


def may_download(actor: User, evidence: Evidence, cast: Cast) -> Decision:
    """Open a proof's file: everybody who sees the program; a withdrawn one only the program manager."""
    if evidence.withdrawn_at is None or programs.may_manage(actor, cast):
        return ALLOWED
    return refused("This proof was withdrawn; only the program manager can still open its file.")


def may_redate(actor: User, item: PlanItem | Event, cast: Cast) -> Decision:
    """Move an agreed date: the program manager, who answers for the plan."""
    return _open_program(item) and programs.may_manage(actor, cast)


def may_forecast(actor: User, item: PlanItem, cast: Cast) -> Decision:
    """Say when it is expected: the owner, the deputy or the program manager."""
    own = may_work_on(actor, item, cast)
    return own if own else _open_program(item) and programs.may_manage(actor, cast)


def may_reassign(actor: User, item: PlanItem, cast: Cast) -> Decision:
    """Give an item to another person of the program: the program manager."""
    return may_redate(actor, item, cast)


def may_delegate(actor: User, item: PlanItem, cast: Cast) -> Decision:
    """Hand an item to the role's deputy: the owner or the program manager."""
    if cast.by_id[item.owner_role_id].deputy is None:
        return refused(f"No deputy is named for {cast.by_id[item.owner_role_id].name}.")
    return may_forecast(actor, item, cast)


def _open_program(item: PlanItem | Event) -> Decision:
    program = item.program  # type: ignore[union-attr]  # every concrete plan item has one
    clears_up = isinstance(item, Task) and item.after_end
    if program.state in (ProgramState.ACTIVE, ProgramState.RUNNING) or clears_up:
        return ALLOWED
    return refused(f"This program is {program.state}; nothing in it changes.")


def _name(person_id: int | None, cast: Cast, item: PlanItem) -> str:
    if item.assignee is not None and item.assignee.pk == person_id:
        return str(item.assignee)
    person = cast.named.get(person_id) if person_id is not None else None
    return "nobody at present" if person is None else str(person)
