"""Late discovery and the age of issues: computed from facts, never typed (S12, S13, S90). Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Find:
    """One issue as a fact: the positions of two phases, its dimension, what it cost and the day it was opened."""

    found: int
    expected: int
    dimension: str = ""
    hours: Decimal = Decimal(0)
    days: int = 0
    opened: dt.date = dt.date.min

    @property
    def is_late(self) -> bool:
        """Found in a later phase than the one that should have found it."""
        return is_late(self.found, self.expected)


def is_late(found: int, expected: int) -> bool:
    """Say whether a phase at position `found` comes after the one at `expected`."""
    return found > expected


@dataclass(frozen=True)
class Share:
    """How many of the issues were found late; no issue, no share."""

    late: int
    of: int

    @property
    def percent(self) -> int | None:
        """Whole percent, halves rounded up; None while there is no issue."""
        return None if self.of == 0 else (200 * self.late + self.of) // (2 * self.of)


def share(finds: Iterable[Find]) -> Share:
    """Count late discoveries (pm-late-discovery; lower is better)."""
    listed = list(finds)
    return Share(sum(find.is_late for find in listed), len(listed))


@dataclass(frozen=True)
class Cost:
    """Number, effort (hours) and delay (days) of issues."""

    count: int = 0
    hours: Decimal = Decimal(0)
    days: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.count + other.count, self.hours + other.hours, self.days + other.days)


@dataclass(frozen=True)
class DimensionCost:
    """What issues of one dimension cost, found in time and found late."""

    dimension: str
    in_time: Cost
    late: Cost


def cost_by_dimension(finds: Iterable[Find]) -> list[DimensionCost]:
    """Return the cost of early and late finds per dimension, the dearest late ones first (S13)."""
    sums: dict[str, tuple[Cost, Cost]] = {}
    for find in finds:
        in_time, late = sums.get(find.dimension, (Cost(), Cost()))
        own = Cost(1, find.hours, find.days)
        sums[find.dimension] = (in_time, late + own) if find.is_late else (in_time + own, late)
    rows = [DimensionCost(dimension, *pair) for dimension, pair in sums.items()]
    return sorted(rows, key=lambda row: (-row.late.days, -row.late.hours, -row.late.count, row.dimension))


def trend(finds: Iterable[Find], *, start: dt.date, today: dt.date) -> list[tuple[dt.date, Share]]:
    """Return the share over everything opened so far, at the end of each program week up to today (S90).

    Weeks end on days 7, 14, ... of the program; the last point is today. Empty before the first day.
    """
    listed = list(finds)
    ends, end = [], start + dt.timedelta(days=6)
    while end < today:
        ends.append(end)
        end += dt.timedelta(days=7)
    if today >= start:
        ends.append(today)
    return [(end, share(find for find in listed if find.opened <= end)) for end in ends]


def age_days(opened: dt.date, closed: dt.date | None, today: dt.date) -> int:
    """Return for how many days an issue has been open, or was; never negative."""
    return max(((closed or today) - opened).days, 0)
