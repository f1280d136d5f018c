"""What needs somebody now: computed lines, ordered by harm times nearness, each with the one button that fixes it.

Pure: no Django, no clock. It is handed facts with addresses and returns lines; it knows no query and no right.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is wrong; at most two lines of one kind are shown while others wait."""

    GATE_OVERDUE = "gate-overdue"
    OVERDUE = "overdue"
    VACANT = "vacant"
    SENT_BACK = "sent-back"
    FORECAST = "forecast"
    STALE = "stale"
    REVIEW = "review"
    DUE_SOON = "due-soon"
    TASK = "task"
    CONDITION = "condition"
    WAIVER = "waiver"
    VIEW = "view"
    UNREACHED = "unreached"


HARM = {
    Kind.GATE_OVERDUE: 6.0,
    Kind.OVERDUE: 4.0,
    Kind.FORECAST: 4.0,
    Kind.VACANT: 3.5,
    Kind.SENT_BACK: 3.0,
    Kind.STALE: 3.0,
    Kind.DUE_SOON: 3.0,
    Kind.REVIEW: 2.0,
    Kind.TASK: 1.5,
    Kind.CONDITION: 4.5,
    Kind.WAIVER: 4.0,
    Kind.VIEW: 5.0,
    Kind.UNREACHED: 3.5,
}
"""How much it hurts when nothing happens; a must-meet that cannot be waived weighs half as much again."""


@dataclass(frozen=True)
class Line:
    """One line: `when` is the day it hurts (due day, gate day), `title` what is wrong, `why` facts, then the button."""

    kind: Kind
    status: str
    title: str
    why: str
    href: str
    button: str
    when: dt.date
    weight: float = 1.0


def nearness(when: dt.date, today: dt.date) -> float:
    """Return 1 today, less for later days (half at 7 days), more for late ones (double at 10 days late or more)."""
    days = (when - today).days
    return 1 / (1 + days / 7) if days >= 0 else 1 + min(-days, 10) / 10


def score(line: Line, today: dt.date) -> float:
    """Return harm times nearness."""
    return HARM[line.kind] * line.weight * nearness(line.when, today)


def ranked(lines: Iterable[Line], *, today: dt.date, limit: int = 5, per_kind: int = 2) -> list[Line]:
    """Return the `limit` lines that need somebody most, worst first.

    No kind takes more than `per_kind` places while another kind waits, so that twenty late criteria do not hide an
    empty role.
    """
    order = sorted(lines, key=lambda line: (-score(line, today), line.when, line.title))
    taken: Counter[Kind] = Counter()
    first: list[Line] = []
    rest: list[Line] = []
    for line in order:
        if taken[line.kind] < per_kind:
            taken[line.kind] += 1
            first.append(line)
        else:
            rest.append(line)
    chosen = [*first, *rest][:limit]
    return sorted(chosen, key=lambda line: (-score(line, today), line.when, line.title))
