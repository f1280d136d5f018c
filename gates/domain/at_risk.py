"""G16: work ahead of its gate is allowed, marked, and its cost is named if the gate is not passed. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """One task of a phase. `started`: done, or its first day has come; `days` is its length in calendar days."""

    slug: str
    title: str
    phase: str
    locked: bool
    started: bool
    days: int


def is_started(*, done: bool, first_day: dt.date, today: dt.date) -> bool:
    """Whether work goes into a task: it is finished, or its first day has come."""
    return done or first_day <= today


def at_risk(tasks: Iterable[Work]) -> tuple[Work, ...]:
    """Return the tasks that are worked on although the gate before their phase is not passed: they carry the badge."""
    return tuple(task for task in tasks if task.locked and task.started)


def cost_days(tasks: Iterable[Work]) -> int:
    """Sum the planned calendar days of work at risk: what is lost if the gate is not passed."""
    return sum(task.days for task in at_risk(tasks))


def length(start: dt.date, due: dt.date) -> int:
    """The planned length of a task in calendar days, both ends counted."""
    return max((due - start).days + 1, 1)
