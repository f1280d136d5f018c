"""Honesty rules 5 and 6: proof that turns up all at once is told, and a random part of it is looked at again. Pure."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any


@dataclass(frozen=True)
class Honesty:
    """The numbers of the playbook; shares are between 0 and 1."""

    late_flip_hours: int = 48
    late_flip_share: Fraction = Fraction(3, 10)
    recheck_share: Fraction = Fraction(1, 10)
    recheck_min: int = 2

    @classmethod
    def from_data(cls, limits: Mapping[str, Any]) -> "Honesty":
        """Read a program's `limits`; a number it lacks is the built-in playbook's. Errors: ValueError."""
        plain = cls()
        return cls(
            int(limits.get("late_flip_hours", plain.late_flip_hours)),
            Fraction(str(limits.get("late_flip_share", plain.late_flip_share))),
            Fraction(str(limits.get("recheck_share", plain.recheck_share))),
            int(limits.get("recheck_min", plain.recheck_min)),
        )


@dataclass(frozen=True)
class LateFlips:
    """How many must-meets of a gate turned met lately; `alarm` is what gatekeepers are shown."""

    musts: int
    late: tuple[str, ...]
    hours: int
    limit: Fraction

    @property
    def share(self) -> Fraction:
        """Those that turned met lately as a share of all must-meets; 0 without any."""
        return Fraction(len(self.late), self.musts) if self.musts else Fraction(0)

    @property
    def alarm(self) -> bool:
        """Whether the share reaches the playbook's limit."""
        return bool(self.late) and self.share >= self.limit

    @property
    def sentence(self) -> str:
        """The alarm in words, empty without one."""
        if not self.alarm:
            return ""
        turned = f"{len(self.late)} of {self.musts} must-meets turned met in the last {self.hours} hours"
        return f"{turned} ({percent(self.share)}; {percent(self.limit)} raises this alarm)."


def late_flips(musts: Mapping[str, dt.datetime | None], *, now: dt.datetime, rules: Honesty) -> LateFlips:
    """Count the must-meets verified within the hours before `now`.

    `musts` maps the slug of each applicable must-meet of the gate to when it was verified, None while it is not.
    """
    since = now - dt.timedelta(hours=rules.late_flip_hours)
    late = tuple(sorted(slug for slug, at in musts.items() if at is not None and since < at <= now))
    return LateFlips(len(musts), late, rules.late_flip_hours, rules.late_flip_share)


def recheck_size(verified: int, rules: Honesty) -> int:
    """How many verified criteria are looked at again: the share, rounded up, at least the minimum, at most all."""
    return min(verified, max(rules.recheck_min, ceil(rules.recheck_share * verified)))


def draw(population: Iterable[str], *, seed: str, rules: Honesty) -> tuple[str, ...]:
    """Draw the criteria to look at again. The same seed and population give the same draw on every machine.

    Each slug gets the SHA-256 of seed and slug, and the smallest are drawn: no generator of a library is involved, so
    that anybody can repeat the draw by hand.
    """
    slugs = sorted(set(population))
    ranked = sorted(slugs, key=lambda slug: hashlib.sha256(f"{seed}:{slug}".encode()).hexdigest())
    return tuple(sorted(ranked[: recheck_size(len(slugs), rules)]))


def percent(share: Fraction) -> str:
    """A share as a whole percentage."""
    return f"{int(100 * share + Fraction(1, 2))} %"
