"""From iCalendar rules to dates: which days an event falls on, and on which working day it is then held (S75).

Dates, never instants: "the 9th of each month" knows no hour, so no change of the clocks can move it. Must not know
what is scheduled or what was done.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrule, rrulestr

from programs.domain.calendar import WorkCalendar


@dataclass(frozen=True)
class Placed:
    """A date of the rules (`planned`) and the working day it is held on; `why` names what moved it, else empty."""

    planned: date
    due: date
    why: str = ""


def expand(first: date, rules: Iterable[str], start: date, end: date) -> Iterator[date]:
    """The dates of an event from `start` to `end`, both included, in order and each once.

    No rule: `first` alone. Each rule takes over where the one before ran out and counts from its last date; one that
    never ends is the last that matters. Errors: ValueError for a rule that is none (`rules.check` finds those before).
    """
    texts = [text for text in rules if text]
    if not texts:
        if start <= first <= end:
            yield first
        return
    anchor = last = first
    for index, text in enumerate(texts):
        found = read(text, anchor)
        for moment in found:
            on = moment.date()
            if on > end:
                return
            last = on
            if on >= start and (index == 0 or on > anchor):
                yield on
        anchor = last


def read(text: str, first: date) -> rrule:
    """One rule as dateutil has it, counted from `first`. Errors: ValueError."""
    found = rrulestr(text, dtstart=datetime.combine(first, time()))
    if not isinstance(found, rrule):
        raise ValueError(f"{text!r} is more than one rule")
    return found


def placed(planned: date, calendar: WorkCalendar) -> Placed:
    """Where a date is held: itself when it is worked, else the next working day, with the reason."""
    why = calendar.why_off(planned)
    return Placed(planned, calendar.next_working_day(planned), why) if why else Placed(planned, planned)


_REMEMBERED = 400
"""Days of a window that is short enough to be kept: a planner asks for the same weeks again and again."""


@lru_cache(maxsize=4096)
def _expanded(first: date, rules: tuple[str, ...], start: date, end: date) -> tuple[date, ...]:
    return tuple(expand(first, rules, start, end))


def occurrences(first: date, rules: Sequence[str], start: date, end: date, calendar: WorkCalendar) -> Iterator[Placed]:
    """What is held from `start` to `end`, by the working day; one that was moved into the window is in it."""
    reach = timedelta(days=14)
    near = (end - start).days <= _REMEMBERED
    wanted = _expanded if near else expand
    for planned in wanted(first, tuple(rules), start - reach, end):
        found = placed(planned, calendar)
        if start <= found.due <= end:
            yield found
