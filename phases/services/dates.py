"""Moves dates. The baseline never changes; every move keeps its reason (promise 4)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from phases import policies
from phases.domain.words import in_words
from phases.enums import DateField
from phases.models import Criterion, DateChange, Event, Task
from phases.services.base import KIND, Item, lock, needed, record, repeated, save
from programs.models import Program
from programs.selectors import cast_of

LATEST_DAYS_AFTER_END = 365
WHY = "Say why the date moves; the reason stays beside it."


@transaction.atomic
def redate(
    *, actor: User, item: Criterion | Task, new_date: dt.date, reason: str, version: int | None = None
) -> Criterion | Task:
    """Agree a new due date; the baseline stays. Errors: NotAllowed, Conflict, Invalid (reason, not a working day)."""
    item = lock(item)
    policies.may_redate(actor, item, cast_of(item.program)).require()
    if repeated(item, version, done=item.due_date == new_date):
        return item
    return _move(actor, item, new_date, needed(reason, "reason", WHY), Verb.ITEM_REDATED)


@transaction.atomic
def redate_event(*, actor: User, event: Event, new_date: dt.date, reason: str, version: int | None = None) -> Event:
    """Agree a new date for a gate or checkpoint. Errors: NotAllowed, Conflict, Invalid."""
    event = lock(event)
    policies.may_redate(actor, event, cast_of(event.program)).require()
    if repeated(event, version, done=event.due_date == new_date):
        return event
    if event.decided_at is not None:
        raise Invalid("This has an outcome on record; its date does not move any more.")
    return _move(actor, event, new_date, needed(reason, "reason", WHY), Verb.EVENT_REDATED)


@transaction.atomic
def forecast(
    *, actor: User, item: Criterion | Task, new_date: dt.date, reason: str, version: int | None = None
) -> Criterion | Task:
    """Say when the item is expected; the agreed date stays. Errors: NotAllowed, Conflict, Invalid."""
    item = lock(item)
    policies.may_forecast(actor, item, cast_of(item.program)).require()
    if repeated(item, version, done=item.forecast_date == new_date):
        return item
    why = needed(reason, "reason", WHY)
    _possible(item.program, new_date)
    old = item.forecast_date
    item.forecast_date = new_date
    save(item, "forecast_date")
    _remember(actor, item, DateField.FORECAST, old, new_date, why)
    record(
        actor, Verb.ITEM_FORECAST, item, before=old.isoformat() if old else None, after=new_date.isoformat(), reason=why
    )
    return item


def _move(actor: User, item: Item, new_date: dt.date, why: str, verb: Verb) -> Item:
    _possible(item.program, new_date)
    return shift(actor, item, new_date, why, verb)


def shift(actor: User, item: Item, new_date: dt.date, why: str, verb: Verb) -> Item:
    """Move an agreed date that was checked already, keeping the old one. `item` is locked. Errors: Invalid (same date).

    Side effects: a row of the date history and an activity entry, which cancels the reminders of the old date.
    """
    old = item.due_date
    if new_date == old:
        raise Invalid("That is the date it already has.", field="new_date")
    item.due_date, item.moved_from = new_date, None
    save(item, "due_date", "moved_from")
    _remember(actor, item, DateField.DUE, old, new_date, why)
    record(actor, verb, item, before=old.isoformat(), after=new_date.isoformat(), reason=why)
    return item


def _possible(program: Program, new_date: dt.date) -> None:
    """Refuse a date that lies behind, far off, or on a day nobody works, naming the next one that would do."""
    today = clock.today(program.time_zone)
    if new_date < today:
        raise Invalid("That day has passed; choose today or later.", field="new_date")
    if new_date > program.end_date + dt.timedelta(days=LATEST_DAYS_AFTER_END):
        raise Invalid("That is more than a year after day 90; check the year.", field="new_date")
    off = program.calendar.why_off(new_date)
    if off:
        other = program.calendar.next_working_day(new_date)
        raise Invalid(
            f"{in_words(new_date)} is no working day ({off}); the next one is {in_words(other)}.", field="new_date"
        )


def _remember(
    actor: User, item: Criterion | Task | Event, field: DateField, old: dt.date | None, new: dt.date, why: str
) -> None:
    DateChange.objects.create(
        program_id=item.program_id,
        item_kind=KIND[type(item)],
        item_id=item.pk,
        field=field,
        old_date=old,
        new_date=new,
        reason=why,
        changed_by=actor,
        changed_at=clock.now(),
    )
