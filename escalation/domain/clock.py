"""When each rung of an escalation path is told, whatever weekends, holidays, zones and clock changes do (S74).

Pure. Instants are aware and come out in UTC; working time is the program's own (`calendar`, `zone`, `hours`).

- The first rung is told when the path starts: its time is how long that rung has to act, not how long it is spared.
- Minutes are minutes. Hours are working hours, except on the path of an emergency, where they run day and night.
- Same day is the closing hour of the working day in which the path started (of its calendar day in an emergency).
- N working days keep the distance to the opening hour: Monday two hours after opening, Tuesday two hours after it.
- A path never runs backwards: no rung is due before the one before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from programs.domain.calendar import WorkCalendar
from programs.domain.localtime import local_date, local_instant
from programs.enums import Duration


@dataclass(frozen=True)
class Hours:
    """The working hours of a day, local full hours. Raises ValueError unless they lie in one day, in order."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 23:
            raise ValueError(f"working hours go from {self.opens} to {self.closes}: not within one day")


@dataclass(frozen=True)
class Wait:
    """How long after the start a rung is told; `amount` counts the `unit`."""

    unit: Duration
    amount: int = 0


@dataclass(frozen=True)
class Terms:
    """By which calendar and hours a clock runs; `patience` is how late a rung may be before the next one waits too."""

    calendar: WorkCalendar
    zone: str
    hours: Hours
    round_the_clock: bool = False
    patience: timedelta = timedelta(0)


def due_instants(waits: Sequence[Wait], start: datetime, terms: Terms) -> tuple[datetime, ...]:
    """The instants at which the rungs are due, first to last, never falling.

    Errors: NoWorkingDayError when the calendar has no working day within a year.
    """
    start = start.astimezone(UTC)
    found = [start if place == 0 else _after(wait, start, terms) for place, wait in enumerate(waits)]
    return tuple(accumulate(found, max))


def next_due(waits: Sequence[Wait], start: datetime, reached: Sequence[datetime], terms: Terms) -> datetime | None:
    """The instant at which the next rung is due when `reached` says when those before it were told.

    None when all were told. After a standstill a rung is told late; the next one then waits as long as lies between
    the two, so that nobody is passed over. `start` is aware, errors as `due_instants`.
    """
    place = len(reached)
    if place >= len(waits):
        return None
    due = due_instants(waits, start, terms)
    if place == 0:
        return due[0]
    last = reached[-1].astimezone(UTC)
    between = due[place] - due[place - 1]
    if not between or last - due[place - 1] <= terms.patience:
        return max(due[place], last)
    moved = last + between
    return max(due[place], moved if terms.round_the_clock else next_moment(moved, terms))


def next_moment(at: datetime, terms: Terms) -> datetime:
    """The first instant at or after `at` that lies in working hours."""
    on = local_date(at, terms.zone)
    if terms.calendar.is_working_day(on) and at < _closes(on, terms):
        return max(at.astimezone(UTC), _opens(on, terms))
    return _opens(terms.calendar.add_working_days(on, 1), terms)


def _after(wait: Wait, start: datetime, terms: Terms) -> datetime:
    match wait.unit:
        case Duration.AT_ONCE:
            return start
        case Duration.MINUTES:
            return start + timedelta(minutes=wait.amount)
        case Duration.HOURS if terms.round_the_clock:
            return start + timedelta(hours=wait.amount)
        case Duration.HOURS:
            return _working_hours(timedelta(hours=wait.amount), start, terms)
        case Duration.SAME_DAY if terms.round_the_clock:
            return max(start, _closes(local_date(start, terms.zone), terms))
        case Duration.SAME_DAY:
            return _closes(local_date(next_moment(start, terms), terms.zone), terms)
        case Duration.WORKING_DAYS:
            return _working_days(wait.amount, start, terms)


def _working_hours(left: timedelta, start: datetime, terms: Terms) -> datetime:
    """Use up `left` within working hours; time really passed counts, so a clock change neither adds nor takes any."""
    at = next_moment(start, terms)
    while True:
        on = local_date(at, terms.zone)
        today = _closes(on, terms) - at
        if left <= today:
            return at + left
        left -= today
        at = _opens(terms.calendar.add_working_days(on, 1), terms)


def _working_days(count: int, start: datetime, terms: Terms) -> datetime:
    first = next_moment(start, terms)
    on = local_date(first, terms.zone)
    into = first - _opens(on, terms)
    later = terms.calendar.add_working_days(on, count)
    return min(_opens(later, terms) + into, _closes(later, terms))


def _opens(on: date, terms: Terms) -> datetime:
    return local_instant(on, terms.hours.opens, terms.zone)


def _closes(on: date, terms: Terms) -> datetime:
    return local_instant(on, terms.hours.closes, terms.zone)
