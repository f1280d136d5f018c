"""Reads the thread from strategic priority to task (S83). Must not write."""

from dataclasses import dataclass

from charter.selectors.outcome import Version, outcome_versions
from metrics.models import Metric
from phases.models import Criterion, Event, Task
from programs.models import Program


@dataclass(frozen=True)
class Strand:
    """A criterion with the tasks that feed it."""

    criterion: Criterion
    tasks: list[Task]


@dataclass(frozen=True)
class Knot:
    """A gate or checkpoint with what must be true at it."""

    event: Event
    strands: list[Strand]


@dataclass(frozen=True)
class Trace:
    """Priority, outcome, metrics, criteria by event, tasks; `loose` are tasks that feed no criterion."""

    outcome: Version | None
    metrics: list[Metric]
    knots: list[Knot]
    loose: list[Task]

    @property
    def linked(self) -> Metric | None:
        """The metric that measures the outcome itself."""
        return self.outcome.metric if self.outcome else None


def trace(program: Program) -> Trace:
    """Return the whole thread of a program (six queries, whatever its size)."""
    versions = outcome_versions(program)
    metrics = list(Metric.objects.filter(program=program).only("pk", "name", "category", "unit", "slug", "position"))
    events = {event.pk: event for event in Event.objects.filter(program=program).order_by("day", "pk")}
    criteria = list(Criterion.objects.filter(program=program, applicable=True).defer("relates_to", "evidence_meaning"))
    tasks = {task.pk: task for task in Task.objects.filter(program=program)}
    for criterion in criteria:
        criterion.program = program
    for task in tasks.values():
        task.program = program
    fed: dict[int, list[Task]] = {}
    for task_id, criterion_id in Task.feeds.through.objects.filter(task__program=program).values_list(
        "task_id", "criterion_id"
    ):
        fed.setdefault(criterion_id, []).append(tasks[task_id])
    strands: dict[int, list[Strand]] = {}
    for criterion in criteria:
        of = sorted(fed.get(criterion.pk, []), key=lambda one: (one.due_date, one.pk))
        strands.setdefault(criterion.event_id, []).append(Strand(criterion, of))
    feeding = {one.pk for found in fed.values() for one in found}
    loose = [one for pk, one in tasks.items() if pk not in feeding]
    knots = [Knot(event, strands[pk]) for pk, event in events.items() if pk in strands]
    return Trace(versions[0] if versions else None, metrics, knots, loose)
