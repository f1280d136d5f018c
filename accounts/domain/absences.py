"""Rules about days away, both ends included. Must not import Django or ask the clock."""

import datetime as dt
from collections.abc import Iterable

LONGEST = 366  # days in one absence; longer is a role to hand over, not an absence

Span = tuple[dt.date, dt.date]


def fault(start: dt.date, end: dt.date, others: Iterable[Span], today: dt.date) -> tuple[str, str] | None:
    """Return `(field, message)` for the first rule that the days `start`..`end` break, or None.

    `others` are the absences the person already has; `today` is the date where the person is.
    """
    if end < start:
        return "end", f"The last day is before the first ({written(start)})."
    if end < today:
        return "end", "These days are already over."
    if (end - start).days + 1 > LONGEST:
        return "end", f"One absence lasts at most {LONGEST} days; hand the role over for longer."
    for first, last in others:
        if first <= end and start <= last:
            return "start", f"You already have an absence from {written(first)} to {written(last)}."
    return None


def written(day: dt.date) -> str:
    """Write a date as "17 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"
