"""How long a rung of the ladder waits when somebody acknowledged in between. Pure calendar arithmetic."""

from collections.abc import Iterable
from datetime import date, timedelta

from programs.domain.calendar import WorkCalendar

Span = tuple[date, date]
"""First day and the day after the last on which nothing climbs."""


def rung_day(calendar: WorkCalendar, at: date, wait: int, quiet: Iterable[Span]) -> date:
    """The day on which a rung is due `wait` working days after `at`, quiet days not counted. `quiet` is in order."""
    on = calendar.add_working_days(at, wait)
    for since, until in quiet:
        begins = max(since, at + timedelta(days=1))
        if begins <= on and until > begins:
            one = timedelta(days=1)
            on = calendar.add_working_days(on, calendar.working_days_between(begins - one, until - one))
    return on


def not_while_quiet(on: date, quiet: Iterable[Span]) -> date:
    """The day of a rung that was due on `on` and had not left when somebody acknowledged: the end of the quiet."""
    return max([on, *(until for since, until in quiet if since > on)])
