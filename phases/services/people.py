"""Hands items to other people: by the program manager to anyone in the program, by the owner to the deputy."""

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core.errors import Invalid
from phases import policies
from phases.models import Criterion, Task
from phases.services.base import lock, needed, record, repeated, save
from programs.selectors import Cast, active, cast_of


@transaction.atomic
def reassign(
    *, actor: User, item: Criterion | Task, person: User | None, reason: str, version: int | None = None
) -> Criterion | Task:
    """Let `person` answer for the item; None gives it back to the role's holder.

    Errors: NotAllowed, Conflict, Invalid (no reason, somebody outside the program, the same person).
    """
    item = lock(item)
    cast = cast_of(item.program)
    policies.may_reassign(actor, item, cast).require()
    why = needed(reason, "reason", "Say why it changes hands.")
    if repeated(item, version, done=item.assignee_id == (person.pk if person else None)):
        return item
    if person is not None and person.pk not in {p.pk for p in cast.people}:
        raise Invalid(f"{person} has no role in this program; name a role first.", field="person")
    return _hand(actor, item, person, why, Verb.ITEM_REASSIGNED, delegated=False)


@transaction.atomic
def delegate(*, actor: User, item: Criterion | Task, version: int | None = None) -> Criterion | Task:
    """Hand the item to the role's deputy. Errors: NotAllowed (also when there is no deputy), Conflict, Invalid."""
    item = lock(item)
    cast = cast_of(item.program)
    deputy_id = cast.by_id[item.owner_role_id].deputy_id
    # Before the policy: after the first press the item is the deputy's, and the owner may not ask again.
    if item.delegated and item.assignee_id == deputy_id and repeated(item, version, done=True):
        return item
    policies.may_delegate(actor, item, cast).require()
    repeated(item, version, done=False)
    deputy = _deputy(item, cast)
    return _hand(actor, item, deputy, "Delegated to the deputy.", Verb.ITEM_DELEGATED, delegated=True)


def _deputy(item: Criterion | Task, cast: Cast) -> User:
    deputy = active(cast.by_id[item.owner_role_id].deputy)
    if deputy is None:
        raise Invalid("The deputy of this role is deactivated.")
    return deputy


def _hand(
    actor: User, item: Criterion | Task, person: User | None, why: str, verb: Verb, *, delegated: bool
) -> Criterion | Task:
    after = person.pk if person else None
    if item.assignee_id == after:
        raise Invalid("That changes nothing: it already is with them.", field="person")
    before, item.assignee, item.delegated = item.assignee_id, person, delegated
    save(item, "assignee", "delegated")
    record(actor, verb, item, before=before, after=after, reason=why)
    return item
