"""Somebody gives up their last seat in a program: what was given to them by name goes back to the roles it belongs to.

In the transaction in which the seat changes. They could not open these items any more, and whoever holds the role
would not be told that they are theirs. A closed account keeps its items by name: it may be opened again, and until
then everybody reads it as nobody (`programs.selectors.active`).
"""

from typing import TypeVar

from django.db.models import Model, QuerySet

from accounts.models import User
from activity.enums import Verb
from activity.models import Entry
from core.locks import locked
from ownership.selectors import ENDED
from phases.enums import CriterionState, TaskState
from phases.models import Criterion, Task
from phases.services.base import record, save
from programs.querysets import visible_to

M = TypeVar("M", bound=Model)

_SEAT_CHANGED = (Verb.ROLE_FILLED, Verb.ROLE_VACATED, Verb.ROLE_DEPUTY_SET)


def on_activity(entry: Entry) -> None:
    """Hear of one activity entry. Side effects: items whose assignee has left are their role's again, each recorded."""
    if entry.verb not in _SEAT_CHANGED or entry.program_id is None or not (before := entry.data.get("before")):
        return
    person = User.objects.filter(pk=before, is_active=True).first()
    if person is not None and not visible_to(person).filter(pk=entry.program_id).exists():
        _give_back(person, entry)


def _give_back(person: User, entry: Entry) -> None:
    actor = User.objects.filter(pk=entry.actor_id).first() if entry.actor_id else None
    here = {"program": entry.program_id, "assignee": person}
    criteria = Criterion.objects.filter(**here).exclude(state=CriterionState.VERIFIED)
    tasks = Task.objects.filter(**here, state=TaskState.OPEN)
    items: list[Criterion | Task] = [*_locked(criteria), *_locked(tasks)]
    for item in items:
        item.assignee, item.delegated = None, False
        save(item, "assignee", "delegated")
        why = f"{person} has no role in this program any more."
        record(actor, Verb.ITEM_REASSIGNED, item, before=person.pk, after=None, reason=why)


def _locked(rows: QuerySet[M]) -> QuerySet[M]:
    return locked(rows.exclude(program__state__in=ENDED).order_by("pk"))
