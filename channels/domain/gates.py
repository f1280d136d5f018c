"""On which days a gate is posted to a channel: the working day before, the day itself, overdue, turning red. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from channels.enums import Topic
from programs.domain.calendar import WorkCalendar

RED_AFTER = 5
"""Working days after which an undecided gate is red (G12)."""


@dataclass(frozen=True)
class GatePost:
    """What is said about a gate on a day; `mark` tells occurrences of one topic and one due date apart."""

    topic: Topic
    mark: str
    words: str


def post_on(due: date, today: date, calendar: WorkCalendar) -> GatePost | None:
    """What is posted about an undecided gate on `today`; None on every other day."""
    if today == due:
        return GatePost(Topic.GATE_TODAY, "0", "is due today")
    if today < due:
        if calendar.previous_working_day(due - timedelta(days=1)) != today:
            return None
        tomorrow = due - today == timedelta(days=1)
        return GatePost(Topic.GATE_AHEAD, "-1", "is due tomorrow" if tomorrow else f"is due on {_written(due)}")
    late = calendar.working_days_between(due, today)
    if late < 1 or not calendar.is_working_day(today):
        return None
    # Whatever was missed while nothing ran collapses into the one that holds now; its key lets it out once.
    red = late >= RED_AFTER
    days = f"{late} working day{'' if late == 1 else 's'}"
    words = f"is overdue by {days}{', and red' if red else ''}"
    return GatePost(Topic.GATE_OVERDUE, f"+{RED_AFTER if red else 1}", words)


def _written(on: date) -> str:
    return f"{on:%A} {on.day} {on:%b}"
