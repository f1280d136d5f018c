"""When a function was first engaged, and whether that was late (S39). Pure."""

import datetime as dt

from programs.domain.calendar import day_of

CRITERION_OF = {"Security": "g30-security-engaged", "Privacy": "g30-privacy-screened"}
"""The criterion of the playbook whose first evidence shows that a function has begun to work with the program."""


def first_day(start: dt.date, dates: list[dt.date]) -> int | None:
    """Return the program day of the earliest proof, None without any."""
    return day_of(start, min(dates)) if dates else None


def is_late(first: int | None, today: int, due: int) -> bool:
    """Say whether a function was engaged after day `due`, or is still not engaged when that day has passed."""
    return (today if first is None else first) > due
