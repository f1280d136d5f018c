"""The ninety-day strip as values: what was finished and what is due on each day. Pure; drawing is `core.charts`."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.shapes import StripDay
from programs.domain.calendar import WorkCalendar, date_of_day


@dataclass(frozen=True)
class StripFacts:
    """Days on which items were finished, and days on which open ones are due."""

    start: dt.date
    today: dt.date
    finished: Counter[dt.date]
    due: frozenset[dt.date]

    @property
    def fullest(self) -> int:
        """The highest number of items finished on one day."""
        return max(self.finished.values(), default=1)


def days_of(facts: StripFacts, first: int, last: int, calendar: WorkCalendar) -> list[StripDay]:
    """Return days `first` to `last` (both 1-based and included)."""
    days = []
    for number in range(first, last + 1):
        date = date_of_day(facts.start, number)
        off = date > facts.today and not calendar.is_working_day(date)
        days.append(StripDay(number, facts.finished[date], date in facts.due, off))
    return days


def spoken(days: Iterable[StripDay], *, name: str, today: int, gate: str) -> str:
    """Return the sentence a screen reader gets for one phase."""
    listed = list(days)
    first, last = listed[0].number, listed[-1].number
    finished = sum(day.finished for day in listed)
    parts = [f"{name}, days {first} to {last}"]
    if first <= today <= last:
        parts.append(f"today is day {today}")
    if first <= today:
        parts.append(f"{finished} item{'s' if finished != 1 else ''} finished")
    else:
        parts.append("not started")
    due = [str(day.number) for day in listed if day.due and day.number > today]
    if due:
        parts.append(f"due dates on days {', '.join(due)}")
    return "; ".join(parts) + (f"; {gate}" if gate else "")
