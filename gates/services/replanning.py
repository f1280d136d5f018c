"""Moves a gate with everything that depends on it, by working days, with a cause (S14). The baseline never moves."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from gates import policies
from gates.domain.replanning import Move
from gates.enums import Cause
from gates.models import Replan
from gates.selectors.replanning import preview_of
from gates.services.base import today_of
from phases.enums import EventState, ItemKind
from phases.models import Criterion, Event, Task
from phases.selectors import Plan, load_plan
from phases.services.base import lock, needed, record, repeated
from phases.services.dates import shift
from programs.selectors import cast_of

LATEST_DAYS_AFTER_END = 365


@transaction.atomic
def replan(
    *,
    actor: User,
    event: Event,
    new_date: dt.date,
    cause: Cause,
    reason: str,
    version: int | None = None,
    key: str = "",
) -> Replan:
    """Move a gate and every open item that depends on it; what the preview showed is what moves.

    `version` is the event's when the preview was drawn. The same form sent twice moves once.
    Errors: NotAllowed, Conflict, Invalid (decided, no reason, the past, not a working day, the same date).
    """
    event = lock(event)
    policies.may_replan(actor, event, cast_of(event.program)).require()
    twin = Replan.objects.filter(key=key, made_by=actor, event=event).first() if key else None
    if twin is not None:
        return twin
    repeated(event, version, done=False)
    why = needed(reason, "reason", "Say why the gate moves; the reason stays beside every date.")
    check_date(event, new_date)
    plan = load_plan(event.program)
    found = preview_of(event, new_date, plan, today_of(event.program))
    made = Replan.objects.create(
        program=event.program,
        event=event,
        old_date=event.due_date,
        new_date=new_date,
        working_days=found.working_days,
        cause=cause,
        reason=why,
        moved=len(found.moves),
        made_by=actor,
        made_at=clock.now(),
        key=key or None,
    )
    for move in found.moves:
        _move(actor, move, plan, f"{event.name} moved ({cause.value}): {why}"[:500])
    record(
        actor,
        Verb.GATE_REPLANNED,
        event,
        working_days=found.working_days,
        cause=cause.value,
        moved=made.moved,
        reason=why,
    )
    return made


def _move(actor: User, move: Move, plan: Plan, why: str) -> None:
    if move.kind == ItemKind.EVENT:
        shift(actor, lock(Event.objects.get(pk=move.id)), move.new, why, Verb.EVENT_REDATED)
    elif move.kind == ItemKind.CRITERION:
        shift(actor, lock(Criterion.objects.get(pk=move.id)), move.new, why, Verb.ITEM_REDATED)
    else:
        task = lock(Task.objects.get(pk=move.id))
        if move.new_first is not None and move.new_first != task.start_date:
            task.start_date = move.new_first
            task.save(update_fields=["start_date"])
        shift(actor, task, move.new, why, Verb.ITEM_REDATED)


def check_date(event: Event, new_date: dt.date) -> None:
    """Raise `Invalid` when a gate cannot move to a date; the preview asks as well. Writes nothing."""
    program = event.program
    if event.state == EventState.DECIDED:
        raise Invalid("This has an outcome on record; its date does not move any more.")
    if event.kind == "mini-gate":
        raise Invalid("A mini-gate moves alone; nothing depends on it.")
    if new_date < today_of(program):
        raise Invalid("That day has passed; choose today or later.", field="new_date")
    if new_date == event.due_date:
        raise Invalid("That is the date it already has.", field="new_date")
    if new_date > program.end_date + dt.timedelta(days=LATEST_DAYS_AFTER_END):
        raise Invalid("That is more than a year after day 90; check the year.", field="new_date")
    off = program.calendar.why_off(new_date)
    if off:
        other = program.calendar.next_working_day(new_date)
        text = f"{new_date:%a %d %b} is no working day ({off}); the next one is {other:%a %d %b}."
        raise Invalid(text, field="new_date")
