"""How often a group is spoken to, and when that is overdue (S41). Pure; days are calendar days."""

import datetime as dt
from dataclasses import dataclass

_RHYTHMS = (
    ("daily", 1),
    ("weekly", 7),
    ("fortnightly", 14),
    ("monthly", 30),
    ("quarterly", 91),
)
LONGEST = 366


def days_in_words(cadence: str) -> int | None:
    """Return the days of the first rhythm a playbook's words name ("monthly; weekly in launch" is 30), None without."""
    text = cadence.lower()
    found = [(text.index(word), days) for word, days in _RHYTHMS if word in text]
    return min(found)[1] if found else None


@dataclass(frozen=True)
class Standing:
    """Where contact with a group stands: when it is due next, whether that has passed, and what is missing."""

    due: dt.date | None
    is_overdue: bool
    unplanned: bool


def standing(
    *,
    begins: dt.date,
    cadence: int | None,
    last: dt.date | None,
    planned: dt.date | None,
    today: dt.date,
) -> Standing:
    """Say where contact with a group stands on `today`.

    `begins` is the day from which it is spoken to at all, `cadence` the days between two contacts, `planned` the day
    agreed for the next one, which counts for the rhythm while it is later than the last contact. A group that was
    never spoken to and has no planned day is flagged from the first day on (S41).
    """
    agreed = planned if planned is not None and (last is None or planned > last) else None
    rhythm = None if cadence is None else (last or begins) + dt.timedelta(days=cadence)
    due = agreed if agreed is not None else rhythm
    unplanned = last is None and agreed is None and today >= begins
    return Standing(due, due is not None and due < today, unplanned)
