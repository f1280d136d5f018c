"""What a complete problem statement says, and when the lack of signatures is a risk (S27-S29). Pure."""

from collections.abc import Collection, Mapping

from charter.enums import Seat

FIELDS = {
    "problem": "The problem",
    "affected": "Who is affected",
    "frequency": "How often",
    "cost_today": "What it costs today",
    "if_nothing": "What happens if nothing is done",
    "measure": "The measure",
    "target": "The target",
}
"""What every version holds; nothing of it may be empty (S27)."""


def missing(words: Mapping[str, str]) -> list[str]:
    """Return the names of fields without words, in reading order."""
    return [name for name in FIELDS if not words.get(name, "").strip()]


def unsigned_seats(signed: Collection[str]) -> list[Seat]:
    """Return the seats that have not signed, in order."""
    return [seat for seat in Seat if seat.value not in signed]


def is_risk(day: int, by_day: int, *, signed: bool) -> bool:
    """Say whether the program goes without a business anchor: day `by_day` is over and nothing is signed (S29)."""
    return day > by_day and not signed
