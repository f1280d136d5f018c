"""The numbers of the rules, read from a program's own data; the playbook of the program set them at launch.

Pure. A program launched from an edition that did not have a number yet falls back to the built-in edition's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

HIGH_BANDS = ("high", "critical")


@dataclass(frozen=True)
class Limits:
    """Days are calendar days unless the name says working days; shares are between 0 and 1."""

    max_waived_must_conditional_go: int = 3
    max_waived_must_launch: int = 2
    condition_default_days: int = 14
    condition_max_days: int = 30
    condition_red_days: int = 1
    condition_lapse_days: int = 7
    waiver_max_days: int = 30
    waiver_extensions: int = 1
    hold_review_max_days: int = 30
    hold_decide_working_days: int = 5
    max_holds: int = 2
    max_recycles_per_gate: int = 2
    recycle_default_days: int = 15
    gate_overdue_red_working_days: int = 5
    na_share_flag: Fraction = Fraction(1, 5)
    stale_program_days: int = 10
    declared_better_max_days: int = 14
    risk_red_after_day: int = 45
    disposal_working_days: int = 10
    should_meet_explain_below: Fraction = Fraction(7, 10)
    dimension_explain_below: int = 50
    risk_tolerance: int = 12
    bands: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {"low": (1, 4), "moderate": (5, 9), "high": (10, 14), "critical": (15, 25)}
    )

    @classmethod
    def from_data(
        cls, limits: Mapping[str, Any], scoring: Mapping[str, Any], risk_scale: Mapping[str, Any]
    ) -> "Limits":
        """Read `limits`, `scoring` and `risk_scale` of a program. Errors: ValueError for a number that is none."""
        given = {**limits, **{name: scoring[name] for name in scoring if name.endswith("_explain_below")}}
        if "default_tolerance" in risk_scale:
            given["risk_tolerance"] = risk_scale["default_tolerance"]
        own: dict[str, Any] = {}
        for item in fields(cls):
            if item.name in given:
                share = isinstance(item.default, Fraction)
                own[item.name] = Fraction(str(given[item.name])) if share else int(given[item.name])
        if "bands" in risk_scale:
            own["bands"] = {name: (int(low), int(high)) for name, (low, high) in risk_scale["bands"].items()}
        return cls(**own)

    def band(self, score: int) -> str:
        """The name of the band a risk score lies in; the highest for one beyond the scale."""
        for name, (low, high) in self.bands.items():
            if low <= score <= high:
                return name
        return max(self.bands, key=lambda name: self.bands[name][1])

    def needs_treatment(self, score: int) -> bool:
        """Whether a score is moderate or higher, above the mildest band: the risk needs actions and a path (S58)."""
        mildest = min(high for _, high in self.bands.values())
        return score > mildest

    def is_high(self, score: int | None) -> bool:
        """Whether a score is high or above, so that the sponsor has to answer for it (G7)."""
        return score is not None and self.band(score) in HIGH_BANDS
