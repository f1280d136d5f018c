"""The scale scores are read by: ends, bands, tolerance, how often a risk is looked at. Pure.

The numbers are a program's own data (`risk_scale`), set by its playbook at launch; an edition that did not have a
number yet falls back to the built-in edition's.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HIGH_BANDS = ("high", "critical")


@dataclass(frozen=True)
class Scale:
    """Likelihood and impact go from `minimum` to `maximum`; a band is (lowest, highest score); days are calendar days.

    The bands stand in order, the mildest first.
    """

    minimum: int = 1
    maximum: int = 5
    tolerance: int = 12
    bands: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {"low": (1, 4), "moderate": (5, 9), "high": (10, 14), "critical": (15, 25)}
    )
    review_days: Mapping[str, int] = field(
        default_factory=lambda: {"low": 60, "moderate": 30, "high": 14, "critical": 7}
    )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Scale":
        """Read a program's `risk_scale`. Errors: ValueError or TypeError for a number that is none."""
        own: dict[str, Any] = {}
        for name, key in (("minimum", "minimum"), ("maximum", "maximum"), ("tolerance", "default_tolerance")):
            if key in data:
                own[name] = int(data[key])
        if data.get("bands"):
            bands = {name: (int(low), int(high)) for name, (low, high) in data["bands"].items()}
            # PostgreSQL does not keep the order in which an object was written.
            own["bands"] = dict(sorted(bands.items(), key=lambda band: band[1]))
        if data.get("review_days"):
            own["review_days"] = {name: int(days) for name, days in data["review_days"].items()}
        return cls(**own)

    @property
    def steps(self) -> range:
        """Every step of likelihood and impact."""
        return range(self.minimum, self.maximum + 1)

    def holds(self, likelihood: int, impact: int) -> bool:
        """Whether both lie on the scale."""
        return likelihood in self.steps and impact in self.steps

    def band(self, score: int) -> str:
        """The name of the band a score lies in; the highest for one beyond the scale."""
        for name, (low, high) in self.bands.items():
            if low <= score <= high:
                return name
        return max(self.bands, key=lambda name: self.bands[name][1])

    def is_high(self, score: int) -> bool:
        """Whether a score is high or above, so that the sponsor has to answer for it (G7, G23)."""
        return self.band(score) in HIGH_BANDS

    def above(self, score: int) -> bool:
        """Whether a score is above tolerance; tolerance itself is tolerated (G23)."""
        return score > self.tolerance

    def shade(self, score: int) -> int:
        """The colour step of a score from 1 (mildest band) to 4; further bands share the last."""
        return min(list(self.bands).index(self.band(score)) + 1, 4)

    def next_review(self, score: int, today: dt.date) -> dt.date:
        """The day by which a risk of this score is looked at again: the worse, the sooner (S57)."""
        days = self.review_days.get(self.band(score))
        return today + dt.timedelta(days=min(self.review_days.values()) if days is None else days)

    def as_data(self) -> dict[str, Any]:
        """The scale as plain data, kept beside each score that is read by it."""
        return {
            "minimum": self.minimum,
            "maximum": self.maximum,
            "default_tolerance": self.tolerance,
            "bands": {name: list(edges) for name, edges in self.bands.items()},
        }
