"""What the rules of a gate look at: values only, built by `gates.selectors`. Pure; must not decide anything."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from gates.domain.limits import Limits
from gates.enums import View


class Kind(StrEnum):
    """Which words an event takes."""

    GATE = "gate"
    CHECKPOINT = "checkpoint"
    LAUNCH = "launch"
    MINI_GATE = "mini-gate"


@dataclass(frozen=True)
class CriterionFact:
    """One applicable criterion up to the event. `met`: verified by a second person and fresh on the day (G19)."""

    slug: str
    text: str
    must: bool
    met: bool
    own: bool = True
    non_waivable: bool = False
    waived: bool = False


@dataclass(frozen=True)
class RiskFact:
    """One open risk as it stands, scored after what is really in place (G23)."""

    slug: str
    text: str
    score: int
    has_owner: bool = True
    has_response: bool = True
    has_date: bool = True
    has_actions: bool = True
    undated_actions: int = 0
    has_path: bool = True
    response_late: bool = False
    review_on: dt.date | None = None
    accepted_until: dt.date | None = None
    accepted_score: int | None = None

    def accepted(self, on: dt.date) -> bool:
        """Whether somebody signed for at least this score and the acceptance holds on the day."""
        covered = self.accepted_score is not None and self.score <= self.accepted_score
        return covered and self.accepted_until is not None and on <= self.accepted_until


@dataclass(frozen=True)
class Seat:
    """One gatekeeping role and its view, None while nobody spoke for it (G22)."""

    role: str
    view: View | None = None
    dissent: bool = False


@dataclass(frozen=True)
class GateFacts:
    """Everything that decides which decisions are open on `today`."""

    kind: Kind
    name: str
    today: dt.date
    limits: Limits = field(default_factory=Limits)
    in_review: bool = True
    first_gate: bool = False
    earlier_open: tuple[str, ...] = ()
    criteria: tuple[CriterionFact, ...] = ()
    dimensions: Mapping[str, Fraction] = field(default_factory=dict)
    active_waivers: int = 0
    expired_waivers: tuple[str, ...] = ()
    risks: tuple[RiskFact, ...] = ()
    seats: tuple[Seat, ...] = ()
    holds: int = 0
    recycles: int = 0
    hold_review: dt.date | None = None
    unowned: tuple[str, ...] = ()

    @property
    def unmet_musts(self) -> tuple[CriterionFact, ...]:
        """Must-meets without verified, fresh evidence; waived ones are among them (G4)."""
        return tuple(c for c in self.criteria if c.must and not c.met)

    @property
    def failed(self) -> tuple[CriterionFact, ...]:
        """Everything unmet, must or should: what Recycle may name."""
        return tuple(c for c in self.criteria if not c.met)
