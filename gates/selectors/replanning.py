"""What moves when a gate moves, and how many days were lost to what. Must not write."""

import datetime as dt

from gates.domain.replanning import Dated, Preview, days_lost, preview
from gates.enums import Cause
from gates.models import Replan
from phases.enums import EventState, ItemKind
from phases.models import Event
from phases.selectors import Plan
from programs.models import Program


def preview_of(event: Event, new_date: dt.date, plan: Plan, today: dt.date) -> Preview:
    """Everything that would move with a gate: its own and later open criteria, tasks and events (no queries)."""
    gate = Dated(ItemKind.EVENT.value, event.pk, event.name, event.due_date)
    return preview(gate, new_date, _dependent(event, plan), plan.program.calendar, today)


def lost_days(program: Program) -> dict[Cause, int]:
    """Working days lost by cause, most first (one query)."""
    rows = Replan.objects.filter(program=program).values_list("cause", "working_days")
    return days_lost((Cause(cause), days) for cause, days in rows)


def _dependent(event: Event, plan: Plan) -> list[Dated]:
    before = [e for e in plan.events if e.is_gate and e.day < event.day]
    since = before[-1].day if before else 0
    found = [
        Dated(ItemKind.EVENT.value, e.pk, e.name, e.due_date)
        for e in plan.events
        if e.day > event.day and e.state == EventState.PENDING
    ]
    found += [
        Dated(ItemKind.CRITERION.value, c.pk, c.text, c.due_date)
        for c in plan.criteria
        if c.is_open and c.event.day > since
    ]
    found += [
        Dated(ItemKind.TASK.value, t.pk, t.title, t.due_date, t.start_date)
        for t in plan.tasks
        if t.is_open and not t.after_end and t.workstream.phase.position >= event.phase.position
    ]
    return found
