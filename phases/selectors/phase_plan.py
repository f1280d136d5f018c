"""One phase of a plan for its page, in a fixed number of queries. Must not write.

Lighter than `load_plan`: tasks and criteria of one phase only, with the age of the newest proof and not the proofs.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from core.gathering import PreparedRows
from phases.enums import UNLOCKING, EventState
from phases.models import Criterion, Event, Phase, Task, Workstream
from programs.models import Program
from programs.selectors import Cast

NEWEST = Max("evidence__effective_date", filter=Q(evidence__withdrawn_at__isnull=True))
"""Effective date of the newest proof that counts, as annotation `newest` of criteria."""


@dataclass(frozen=True)
class PhasePlan:
    """All phases and events of a program, and the tasks and criteria of one phase."""

    program: Program
    cast: Cast
    phases: list[Phase]
    events: list[Event]
    phase: Phase
    workstreams: list[Workstream]
    tasks: list[Task]
    criteria: list[Criterion]

    def events_of(self, phase: Phase) -> list[Event]:
        """Checkpoints and the gate of a phase."""
        return [event for event in self.events if event.phase_id == phase.pk]

    def locked_by(self, phase: Phase) -> Event | None:
        """The gate that has to open before this phase begins (G1); None when it is open."""
        return locked_by(self.events, phase)


def locked_by(events: list[Event], phase: Phase) -> Event | None:
    """Return the last gate before `phase` without Go or Conditional Go (G1), None when the phase is unlocked."""
    before = [e for e in events if e.is_gate and e.day < phase.start_day]
    return next((e for e in reversed(before) if not (e.state == EventState.DECIDED and e.outcome in UNLOCKING)), None)


def phase_for_day(phases: list[Phase], day: int) -> Phase:
    """Return the phase a program day falls in: the first before day 1, the last after day 90."""
    return next((phase for phase in phases if day <= phase.end_day), phases[-1])


_EVENTS = PreparedRows(lambda program: Event.objects.filter(program=program))
_STREAMS = PreparedRows(lambda phase: Workstream.objects.filter(phase=phase))
_TASKS = PreparedRows(
    lambda program, phase: Task.objects.filter(program=program, workstream__phase=phase).select_related("assignee")
)
_CRITERIA = PreparedRows(
    lambda program, phase: criteria_with_age(Criterion.objects.filter(program=program, event__phase=phase))
)


def events_of_program(program: Program) -> list[Event]:
    """Return checkpoints and gates in order (one query)."""
    events = _EVENTS.rows(program.pk)
    for event in events:
        event.program = program
    return events


def load_phase(program: Program, cast: Cast, phases: list[Phase], phase: Phase) -> PhasePlan:
    """Load what the plan page shows of `phase`, with four queries."""
    events = events_of_program(program)
    by_event = {event.pk: event for event in events}
    streams = _STREAMS.rows(phase.pk)
    by_stream = {stream.pk: stream for stream in streams}
    tasks, criteria = _TASKS.rows(program.pk, phase.pk), _CRITERIA.rows(program.pk, phase.pk)
    for stream in streams:
        stream.lead_role = cast.by_id[stream.lead_role_id]
    for task in tasks:
        task.program, task.workstream = program, by_stream[task.workstream_id]
        task.owner_role = cast.by_id[task.owner_role_id]
    for criterion in criteria:
        adopt(criterion, program, cast, by_event[criterion.event_id])
    return PhasePlan(program, cast, phases, events, phase, streams, tasks, criteria)


def criteria_with_age(criteria: QuerySet[Criterion]) -> QuerySet[Criterion]:
    """Return criteria with assignee and `newest`, the effective date of the newest proof that counts."""
    return criteria.select_related("assignee").annotate(newest=NEWEST)


def newest_of(criterion: Criterion) -> dt.date | None:
    """Return the annotation `newest` of a criterion from `criteria_with_age`."""
    found: dt.date | None = getattr(criterion, "newest", None)
    return found


def criteria_of(event: Event, cast: Cast) -> list[Criterion]:
    """Return the criteria a gate decides on, or a checkpoint looks at, ready for rows (one query).

    A checkpoint has criteria of its own, and reads those of its phase that are due by its day.
    """
    asked = Q(event=event)
    if not event.is_gate:
        asked |= Q(event__phase_id=event.phase_id, due_day__lte=event.day)
    found = criteria_with_age(Criterion.objects.filter(asked, program=event.program)).select_related("event")
    return [adopt(c, event.program, cast, event if c.event_id == event.pk else c.event) for c in found]


def adopt(criterion: Criterion, program: Program, cast: Cast, event: Event) -> Criterion:
    """Give a criterion the objects that are loaded already, so that showing it asks nothing."""
    criterion.program, criterion.event = program, event
    criterion.owner_role = cast.by_id[criterion.owner_role_id]
    criterion.verifier_role = cast.by_id[criterion.verifier_role_id]
    return criterion
