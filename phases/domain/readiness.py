"""Readiness, formula version 1: computed from facts, led by the weakest dimension, never talked up.

Pure: no Django, no clock, no I/O. Weights and credits are data of the playbook (`scoring`), handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Proof(StrEnum):
    """Where the proof of one criterion stands; the values are keys of the playbook's credits."""

    VERIFIED_FRESH = "verified_fresh"
    EVIDENCE_UNVERIFIED = "evidence_unverified"
    STALE = "stale"
    NONE = "none"
    WAIVED = "waived"


@dataclass(frozen=True)
class Scoring:
    """The constants of the formula."""

    version: int
    weight: Mapping[str, Fraction]
    credit: Mapping[Proof, Fraction]

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Scoring":
        """Read the playbook's `scoring` block. Errors: KeyError or ValueError for a missing or wrong constant."""
        weight, credit = data["weight"], data["credit"]
        if not isinstance(weight, Mapping) or not isinstance(credit, Mapping):
            raise ValueError("scoring needs weight and credit")
        return cls(
            version=int(str(data["version"])),
            weight={level: Fraction(str(value)) for level, value in weight.items()},
            credit={proof: Fraction(str(credit[proof.value])) for proof in Proof},
        )


@dataclass(frozen=True)
class CriterionFact:
    """What the formula needs to know of one applicable criterion."""

    slug: str
    dimension: str
    level: str
    due_day: int
    proof: Proof


@dataclass(frozen=True)
class DimensionScore:
    """One row of the table; scores from 0 to 100, exact."""

    dimension: str
    criteria: int
    weight: Fraction
    credit: Fraction
    verified_credit: Fraction

    @property
    def score(self) -> Fraction:
        """Credit as a share of weight, times 100."""
        return 100 * self.credit / self.weight

    @property
    def verified(self) -> Fraction:
        """The same with unverified evidence counted as nothing."""
        return 100 * self.verified_credit / self.weight

    @property
    def points(self) -> int:
        """The score as printed."""
        return rounded(self.score)

    @property
    def verified_points(self) -> int:
        """The verified score as printed."""
        return rounded(self.verified)


@dataclass(frozen=True)
class Readiness:
    """The result for the gate ahead; `dimensions` weakest first."""

    version: int
    dimensions: tuple[DimensionScore, ...]
    credit: Fraction
    weight: Fraction
    weight_due: Fraction

    @property
    def weakest(self) -> DimensionScore | None:
        """The dimension that is the headline; None when no criterion applies."""
        return self.dimensions[0] if self.dimensions else None

    @property
    def points(self) -> int | None:
        """The headline number: the lowest dimension score."""
        return self.weakest.points if self.weakest else None

    @property
    def average(self) -> int | None:
        """The plain mean of the dimension scores, printed after the headline."""
        return self._mean([row.score for row in self.dimensions])

    @property
    def verified_average(self) -> int | None:
        """The mean of the verified scores; a wide gap to `average` is a warning."""
        return self._mean([row.verified for row in self.dimensions])

    @property
    def pace(self) -> Fraction | None:
        """Credit over the weight of criteria whose due day has come; None before anything is due."""
        return self.credit / self.weight_due if self.weight_due else None

    @property
    def pace_text(self) -> str:
        """The pace with two places, a dash before anything is due."""
        return "–" if self.pace is None else f"{float(self.pace):.2f}"

    @staticmethod
    def _mean(scores: list[Fraction]) -> int | None:
        return rounded(sum(scores, Fraction(0)) / len(scores)) if scores else None


def rounded(value: Fraction) -> int:
    """Round half up (Python's own rounding would turn 62.5 into 62)."""
    return int(value + Fraction(1, 2)) if value >= 0 else -int(-value + Fraction(1, 2))


def readiness(facts: Iterable[CriterionFact], *, day: int, scoring: Scoring) -> Readiness:
    """Compute readiness on day `day` of the program (1-based) from applicable criteria up to the gate ahead.

    Waived earns nothing (G4); not-applicable criteria must not be handed in (G13).
    """
    groups: dict[str, list[CriterionFact]] = {}
    for fact in facts:
        groups.setdefault(fact.dimension, []).append(fact)
    rows = sorted(
        (_score(name, group, scoring) for name, group in groups.items()),
        key=lambda row: (row.score, row.dimension),
    )
    due = sum((scoring.weight[f.level] for group in groups.values() for f in group if f.due_day <= day), Fraction(0))
    return Readiness(
        version=scoring.version,
        dimensions=tuple(rows),
        credit=sum((row.credit for row in rows), Fraction(0)),
        weight=sum((row.weight for row in rows), Fraction(0)),
        weight_due=due,
    )


def _score(dimension: str, facts: list[CriterionFact], scoring: Scoring) -> DimensionScore:
    weight = credit = verified = Fraction(0)
    for fact in facts:
        own = scoring.weight[fact.level]
        weight += own
        credit += own * scoring.credit[fact.proof]
        if fact.proof is not Proof.EVIDENCE_UNVERIFIED:
            verified += own * scoring.credit[fact.proof]
    return DimensionScore(dimension, len(facts), weight, credit, verified)
