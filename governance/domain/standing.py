"""Where an occurrence stands today, and who may still put it off (S94). Pure."""

from datetime import date
from enum import StrEnum

FREE_DEFERRALS = 2
"""From the third time on only the sponsor puts something off (S94)."""


class Standing(StrEnum):
    """Where an occurrence stands."""

    DONE = "done"
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    AHEAD = "ahead"

    @property
    def colour(self) -> str:
        """Status value for icons."""
        return {"done": "green", "overdue": "red", "today": "amber", "soon": "amber", "ahead": "grey"}[self.value]


SOON_DAYS = 14


def standing(due: date, today: date, *, done: bool) -> Standing:
    """Done, or how far away its day is."""
    if done:
        return Standing.DONE
    if due < today:
        return Standing.OVERDUE
    if due == today:
        return Standing.TODAY
    return Standing.SOON if (due - today).days <= SOON_DAYS else Standing.AHEAD


def needs_sponsor(deferrals: int) -> bool:
    """Whether the next deferral is one that only the sponsor may allow (S94)."""
    return deferrals >= FREE_DEFERRALS
