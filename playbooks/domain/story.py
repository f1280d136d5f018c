"""How an example program has gone so far: a short story turned into dated steps.

Pure. Must not carry out anything; `services.examples` does, through the services people use.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from playbooks.domain.plan import LaunchPlan, PlannedCriterion, place
from playbooks.domain.shapes import Day, Frozen, Slug, Text

Kind = Literal["evidence", "hand_in", "verify", "send_back", "done", "decide", "vacate", "forecast"]


class Ending(Frozen):
    """How far a criterion came, on which day if not its due day, and why it was sent back."""

    end: Literal["open", "evidence", "handed_in", "sent_back", "verified"]
    day: Day | None = None
    reason: Text = "Please add the period the figures cover."


class Decided(Frozen):
    """The outcome recorded for a gate or checkpoint; `condition` is the one condition of a Conditional Go."""

    outcome: Slug
    reason: Text
    condition: Text | None = None


class Slip(Frozen):
    """A forecast given on `day` that lies `days` calendar days after the due date."""

    day: Day
    days: Annotated[int, Field(ge=1, le=60)]
    reason: Text


class Story(Frozen):
    """Day `day` of a program where everything went to plan but what is named here."""

    day: Day
    criteria: dict[Slug, Ending] = {}
    late_tasks: tuple[Slug, ...] = ()
    vacated: dict[Slug, Day] = {}
    decisions: dict[Slug, Decided] = {}
    forecasts: dict[Slug, Slip] = {}


@dataclass(frozen=True, order=True)
class Step:
    """One thing somebody does to the item `slug` at `hour` of `on`, program time."""

    on: date
    hour: int
    kind: Kind
    slug: str
    details: dict[str, Any] = field(default_factory=dict, compare=False)


def timeline(plan: LaunchPlan, story: Story) -> tuple[Step, ...]:
    """Every step up to the story's day, in order."""
    last = place(plan.calendar, plan.spec.program.start_date, story.day).on
    return tuple(sorted(step for step in _steps(plan, story) if step.on <= last))


def _steps(plan: LaunchPlan, story: Story) -> Iterator[Step]:
    start = plan.spec.program.start_date
    for criterion in plan.criteria:
        if criterion.applicable:
            yield from _criterion(plan, story, criterion)
    for task in plan.tasks:
        if task.definition.slug not in story.late_tasks:
            yield Step(task.due.on, 12, "done", task.definition.slug)
    for event in plan.events:
        decided = story.decisions.get(event.definition.slug)
        if decided:
            yield Step(event.due.on, 16, "decide", event.definition.slug, decided.model_dump())
    for slug, day in story.vacated.items():
        yield Step(place(plan.calendar, start, day).on, 17, "vacate", slug)
    due = {item.definition.slug: item.due for item in plan.criteria}
    for slug, slip in story.forecasts.items():
        expected = place(plan.calendar, start, due[slug].day + slip.days).on
        details = {"new_date": expected, "reason": slip.reason}
        yield Step(place(plan.calendar, start, slip.day).on, 10, "forecast", slug, details)


def _criterion(plan: LaunchPlan, story: Story, criterion: PlannedCriterion) -> Iterator[Step]:
    """Evidence two working days before, handed in the day before, looked at on the day."""
    slug, start = criterion.definition.slug, plan.spec.program.start_date
    ending = story.criteria.get(slug)
    if ending and ending.end == "open":
        return
    on = place(plan.calendar, start, ending.day).on if ending and ending.day else criterion.due.on
    yield Step(max(start, plan.calendar.add_working_days(on, -2)), 9, "evidence", slug)
    if ending and ending.end == "evidence":
        return
    yield Step(max(start, plan.calendar.add_working_days(on, -1)), 11, "hand_in", slug)
    if ending is None or ending.end == "verified":
        yield Step(on, 14, "verify", slug)
    elif ending.end == "sent_back":
        yield Step(on, 14, "send_back", slug, {"reason": ending.reason})
