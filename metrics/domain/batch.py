"""Readings as they come in, before anything is stored: rows, and what is wrong with them by row and column. Pure.

Shared by the CSV import and the HTTP interface, so that both refuse the same things in the same words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from metrics.domain.limits import plain

STEP = Decimal("0.0001")
"""Readings are kept to four decimals, as limits are."""
LARGEST = Decimal(10) ** 14
SKEW = timedelta(minutes=5)
"""How far another machine's clock may run ahead of ours before a reading counts as one of the future."""
OLDEST = timedelta(days=3660)
NOTE_LIMIT = 300
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


@dataclass(frozen=True)
class Fault:
    """What is wrong in one place: `row` counts as the sender counts (CSV lines from 1, JSON readings from 1)."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"Row {self.row}, {self.column}" if self.column else f"Row {self.row}"
        return f"{where}: {self.message}"


@dataclass(frozen=True)
class Row:
    """One reading that was read without a fault; `measured_at` is aware, `value` has at most four decimals."""

    number: int
    metric: str
    measured_at: datetime
    value: Decimal
    note: str = ""


def number(text: str) -> Decimal | str:
    """Read a number, or return what is wrong with it. More than four decimals are rounded."""
    cleaned = text.strip()
    if not _NUMBER.fullmatch(cleaned):
        if looks_like_formula(cleaned):
            return "a formula; a reading is a plain number."
        return f"“{cleaned[:30]}” is not a number." if cleaned else "the value is missing."
    value = Decimal(cleaned)
    return rounded(value) if abs(value) < LARGEST else "the number is too large."


def rounded(value: Decimal) -> Decimal:
    """Round to what is kept."""
    return value.quantize(STEP) + Decimal(0)  # + 0 turns -0.0000 into 0.0000


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would run this cell as a formula (security 6); a plain number is none."""
    return text.startswith(_FORMULA) and not _NUMBER.fullmatch(text.strip())


def out_of_time(at: datetime, now: datetime) -> str:
    """What is wrong with the time of a reading; empty when nothing is."""
    if at > now + SKEW:
        return "this time lies in the future."
    return "this is more than ten years ago; check the year." if at < now - OLDEST else ""


def against_stored(
    rows: Iterable[Row],
    known: Mapping[str, str],
    stored: Mapping[tuple[str, datetime], Decimal],
    *,
    repeats_are_faults: bool,
) -> tuple[list[Row], int, list[Fault]]:
    """Sort rows into new ones, a number of those that are stored already, and faults.

    `known` maps slugs to units, `stored` what is there. The same reading twice in one batch is a fault where
    `repeats_are_faults` (a file), else counted once (a sender that repeats itself). Another value for a time that has
    one is always a fault: it is corrected by hand with a reason, never overwritten in silence.
    """
    fresh: list[Row] = []
    unchanged, faults = 0, list[Fault]()
    seen: dict[tuple[str, datetime], Row] = {}
    for row in rows:
        key = (row.metric, row.measured_at)
        if row.metric not in known:
            faults.append(Fault(row.number, "metric", f"there is no metric “{row.metric[:60]}” for you here."))
        elif key in seen:
            first = seen[key]
            if repeats_are_faults or first.value != row.value:
                faults.append(Fault(row.number, "measured_at", f"the same time as in row {first.number}."))
            else:
                unchanged += 1
        elif key in stored and stored[key] != row.value:
            faults.append(
                Fault(
                    row.number,
                    "value",
                    f"{plain(stored[key])} is stored for this time; correct it there, with a reason.",
                )
            )
        elif key in stored:
            seen[key] = row
            unchanged += 1
        else:
            seen[key] = row
            fresh.append(row)
    return fresh, unchanged, faults
