"""Limits of a metric as values: what a reading means, what a limit says in words, what makes it weaker. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from metrics.enums import AlertLevel, Direction

ENDS = {Direction.HIGHER: ("low",), Direction.LOWER: ("high",), Direction.RANGE: ("low", "high")}
NAMES = ("target", "warn", "critical")


@dataclass(frozen=True)
class Bounds:
    """The low and the high end of one limit; None where an end does not apply. At the end itself it still holds."""

    low: Decimal | None = None
    high: Decimal | None = None

    def missed_by(self, value: Decimal) -> bool:
        """Whether `value` lies outside."""
        return (self.low is not None and value < self.low) or (self.high is not None and value > self.high)

    @property
    def is_set(self) -> bool:
        """Whether it says anything."""
        return self.low is not None or self.high is not None

    @property
    def words(self) -> str:
        """What holds, in words: "60 or more", "800 or less", "5 to 20"; empty when nothing is set."""
        if self.low is not None and self.high is not None:
            return f"{plain(self.low)} to {plain(self.high)}"
        if self.low is not None:
            return f"{plain(self.low)} or more"
        return f"{plain(self.high)} or less" if self.high is not None else ""

    @property
    def outside(self) -> str:
        """What breaks it, in words: "below 40", "above 1200", "outside 5 to 20"."""
        if self.low is not None and self.high is not None:
            return f"outside {self.words}"
        if self.low is not None:
            return f"below {plain(self.low)}"
        return f"above {plain(self.high)}" if self.high is not None else ""


@dataclass(frozen=True)
class Limits:
    """What good, worrying and bad readings are (S54)."""

    direction: Direction
    target: Bounds = Bounds()
    warn: Bounds = Bounds()
    critical: Bounds = Bounds()

    def level(self, value: Decimal) -> AlertLevel | None:
        """The worst limit that a reading breaches; None inside all of them."""
        if self.critical.missed_by(value):
            return AlertLevel.CRITICAL
        return AlertLevel.WARNING if self.warn.missed_by(value) else None

    def meets_target(self, value: Decimal) -> bool | None:
        """Whether a reading is where it should be; None while no target is set."""
        return not self.target.missed_by(value) if self.target.is_set else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The limits that have no number yet, by name."""
        named = {"target": self.target, "warning limit": self.warn, "critical limit": self.critical}
        return tuple(name for name, bounds in named.items() if not bounds.is_set)


def faults(limits: Limits) -> list[tuple[str, str]]:
    """What is wrong with limits, as field and sentence: ends that do not apply, and limits in the wrong order."""
    found: list[tuple[str, str]] = []
    ends = ENDS[limits.direction]
    for name in NAMES:
        bounds: Bounds = getattr(limits, name)
        for end in ("low", "high"):
            if getattr(bounds, end) is not None and end not in ends:
                found.append((f"{name}_{end}", f"With “{limits.direction.label.lower()}” there is no {end} end."))
        if bounds.low is not None and bounds.high is not None and bounds.low > bounds.high:
            found.append((f"{name}_high", f"The high end lies below the low end, {plain(bounds.low)}."))
    if found:
        return found
    for inner, outer in (("target", "warn"), ("warn", "critical"), ("target", "critical")):
        near: Bounds = getattr(limits, inner)
        far: Bounds = getattr(limits, outer)
        if near.low is not None and far.low is not None and far.low > near.low:
            found.append((f"{outer}_low", f"This lies above the {WORDS[inner]}, {plain(near.low)}."))
        if near.high is not None and far.high is not None and far.high < near.high:
            found.append((f"{outer}_high", f"This lies below the {WORDS[inner]}, {plain(near.high)}."))
    return list(dict.fromkeys(found))


WORDS = {"target": "target", "warn": "warning limit", "critical": "critical limit"}


def weakened(old: Limits, new: Limits) -> list[str]:
    """The limits that let more pass than before, by name: an end that moved outwards or went away (G14)."""
    found = []
    for name in NAMES:
        before, after = getattr(old, name), getattr(new, name)
        lower = before.low is not None and (after.low is None or after.low < before.low)
        higher = before.high is not None and (after.high is None or after.high > before.high)
        if lower or higher:
            found.append(WORDS[name])
    return found


def plain(value: Decimal | None) -> str:
    """Write a number without zeros that say nothing: 12.5000 is "12.5", 4.0000 is "4"."""
    if value is None:
        return ""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
