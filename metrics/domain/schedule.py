"""When a reading is due and when silence counts as "not reported". Pure; dates are those of the program's zone.

A late reading is never drawn as a flat line: after one period the metric is overdue, after two nothing is known.
"""

import calendar as gregorian
from dataclasses import dataclass
from datetime import date

from metrics.enums import Frequency, Freshness
from programs.domain.calendar import WorkCalendar

WEEK = 7
MONTHS = 12
NAMES = {Frequency.DAILY: "day", Frequency.WEEKLY: "week", Frequency.MONTHLY: "month"}


def due_after(last: date, frequency: Frequency, calendar: WorkCalendar, periods: int = 1) -> date:
    """The day by which the reading `periods` after the one of `last` is expected.

    Daily counts working days; weekly and monthly count calendar time and move on to the next working day.
    """
    if frequency is Frequency.DAILY:
        return calendar.add_working_days(last, periods)
    if frequency is Frequency.WEEKLY:
        return calendar.next_working_day(date.fromordinal(last.toordinal() + WEEK * periods))
    return calendar.next_working_day(_add_months(last, periods))


@dataclass(frozen=True)
class Waiting:
    """Where a metric stands in time: `due` is the day of the next reading, None while none is expected."""

    freshness: Freshness
    due: date | None = None

    @property
    def is_known(self) -> bool:
        """Whether the newest reading still says something about today."""
        return self.freshness in (Freshness.FRESH, Freshness.OVERDUE)


def waiting(
    last: date | None,
    today: date,
    frequency: Frequency,
    calendar: WorkCalendar,
    *,
    expected_since: date | None = None,
) -> Waiting:
    """Say how fresh a metric is. `expected_since` is the day from which readings must come even if none ever did."""
    start = max((day for day in (last, expected_since) if day is not None), default=None)
    if start is None:
        return Waiting(Freshness.NEVER)
    due = due_after(start, frequency, calendar)
    if today <= due:
        return Waiting(Freshness.FRESH if last is not None else Freshness.NEVER, due)
    silent = today > due_after(start, frequency, calendar, 2)
    return Waiting(Freshness.SILENT if silent else Freshness.OVERDUE, due)


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))
