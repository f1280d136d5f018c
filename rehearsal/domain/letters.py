"""What a rehearsal reports: one letter per mail that left, as a JSON line or a row of a table. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class LetterItem:
    """One reminder in a mail: its subject, and the rule and occurrence that brought it.

    `due` is an ISO date; `day` is the program day of the playbook, before it moved off a weekend or holiday.
    """

    kind: str
    slug: str
    due: str
    day: int
    rule: str
    occurrence: str


@dataclass(frozen=True)
class Letter:
    """One mail as its recipient got it; `at` is their local time with its offset."""

    at: datetime
    to: str
    rules: tuple[str, ...]
    items: tuple[LetterItem, ...]
    subject: str
    message_id: str
    gaps: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The JSON object of one line; its names are part of the interface."""
        return {**asdict(self), "at": self.at.isoformat()}


HEADINGS = ("day", "local time", "recipient", "rules", "items", "subject")


def row(letter: Letter, program_day: int) -> tuple[str, ...]:
    """The cells of one letter: program day, local time, recipient, rules, items, subject with its gaps."""
    items = ", ".join(item.slug for item in letter.items[:3])
    more = f" +{len(letter.items) - 3}" if len(letter.items) > 3 else ""
    gap = f" [gap: {letter.gaps[0]}]" if letter.gaps else ""
    return (
        str(program_day),
        f"{letter.at:%a %Y-%m-%d %H:%M %z}",
        letter.to,
        ", ".join(letter.rules),
        items + more,
        letter.subject + gap,
    )


def line(cells: Iterable[str]) -> str:
    """One line of the table, cells padded so that rows align while they are printed one by one."""
    widths = (4, 26, 30, 28, 44, 0)
    return "  ".join(cell[: width or None].ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
