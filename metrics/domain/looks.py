"""Which colour, word and sentence a metric has on a page. Pure; colours are the four status words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from metrics.domain.limits import Limits, plain
from metrics.domain.schedule import NAMES, Waiting
from metrics.enums import AlertLevel, Direction, Frequency, Freshness

GAP = {
    Frequency.DAILY: timedelta(days=5),
    Frequency.WEEKLY: timedelta(days=15),
    Frequency.MONTHLY: timedelta(days=63),
}
"""A longer time without a reading is a gap in the line: two periods, and for daily ones a long weekend."""


@dataclass(frozen=True)
class Look:
    """`colour` is green, amber, red or grey; the word never leaves it alone."""

    colour: str
    word: str


def look(
    limits: Limits, value: Decimal | None, waiting: Waiting, *, alert: bool = False, investigated: bool = True
) -> Look:
    """How a metric looks.

    What is not known is grey, however good the last value was; an alert that nobody looks into is red (S73).
    """
    if value is None or waiting.freshness is Freshness.NEVER:
        return Look("grey", "No reading yet")
    if waiting.freshness is Freshness.SILENT:
        return Look("grey", "Not reported")
    level = limits.level(value)
    if level is AlertLevel.CRITICAL:
        return Look("red", "Critical" if investigated or not alert else "Critical, nobody investigates")
    if alert and not investigated:
        return Look("red", "Warning, nobody investigates")
    if level is AlertLevel.WARNING:
        return Look("amber", "Warning")
    if waiting.freshness is Freshness.OVERDUE:
        return Look("amber", "Reading overdue")
    meets = limits.meets_target(value)
    if meets is None:
        return Look("grey", "No target yet")
    return Look("green", "On target") if meets else Look("amber", _off(limits, value))


def _off(limits: Limits, value: Decimal) -> str:
    if limits.direction is Direction.RANGE:
        return "Outside its range"
    return "Below target" if limits.direction is Direction.HIGHER else "Above target"


def series_name(name: str, values: Sequence[Decimal], unit: str, limits: Limits) -> str:
    """The sentence a screen reader gets for a picture: "Active use: 9, 14, … 41 %; target 60 or more"."""
    if not values:
        return f"{name}: no reading yet"
    shown = [plain(value) for value in values]
    if len(shown) > 4:
        shown = [*shown[:2], "…", shown[-1]]
    target = f"; target {limits.target.words}" if limits.target.is_set else ""
    return f"{name}: {', '.join(shown).replace('…, ', '… ')} {unit}{target}"


def waiting_words(waiting: Waiting, frequency: Frequency) -> str:
    """Say in a few words when the next reading is due, without its date."""
    every = f"every {NAMES[frequency]}" if frequency is not Frequency.DAILY else "every working day"
    match waiting.freshness:
        case Freshness.NEVER:
            return f"Expected {every}, none so far"
        case Freshness.SILENT:
            return f"Expected {every}; none for two periods"
        case Freshness.OVERDUE:
            return f"Expected {every}; the next one is late"
        case Freshness.FRESH:
            return f"Expected {every}"
