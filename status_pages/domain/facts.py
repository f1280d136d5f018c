"""Everything the status document is made of, as plain values. Pure; must not judge.

People are a name and a role, never an address; `path` leads to the proof inside the program's own pages and is left
out of everything that is shared.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Who:
    """Somebody as they are named on the page; `name` is empty when the role is vacant."""

    name: str
    role: str

    def as_data(self) -> dict[str, str]:
        """Return the document's form."""
        return {"name": self.name, "role": self.role}


@dataclass(frozen=True)
class ProgramFacts:
    """The program and its people."""

    name: str
    slug: str
    portfolio: str
    time_zone: str
    start: dt.date
    end: dt.date
    state: str
    day: int
    phase: str
    phase_number: int
    phases: int
    manager: Who
    sponsor: Who


@dataclass(frozen=True)
class RuleFact:
    """A rule of the computed status that fired."""

    colour: str
    slug: str
    sentence: str


@dataclass(frozen=True)
class DeclaredFacts:
    """What the manager declared beside the computed status; `agreed` is None where no agreement is needed."""

    colour: str
    reason: str
    by: Who
    on: dt.date
    expires: dt.date | None
    agreed: bool | None


@dataclass(frozen=True)
class UpdateFacts:
    """The newest published update."""

    number: int
    colour: str
    verdict: str
    by: Who
    at: dt.datetime
    age_days: int
    way_back: str
    way_back_owner: Who
    way_back_on: dt.date | None
    acknowledged: bool
    ask: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GateFacts:
    """The gate ahead with its forecast."""

    name: str
    date: dt.date
    forecast: dt.date
    decided: bool
    path: str

    @property
    def slip(self) -> int:
        """Calendar days by which the forecast is later than agreed."""
        return (self.forecast - self.date).days


@dataclass(frozen=True)
class ReadinessFacts:
    """The reading for the gate ahead."""

    version: int
    points: int | None
    weakest: str
    average: int | None
    verified: int | None
    pace: str
    musts: int
    musts_met: int
    dimensions: tuple[tuple[str, int, int], ...]
    vacant: tuple[str, ...]
    waivers: int
    waivers_expired: int
    conditions: int
    conditions_overdue: int
    not_applicable: int
    gate: GateFacts | None


@dataclass(frozen=True)
class ValueFacts:
    """The outcome that is promised, what is known of it now against its plan line, and the ceiling of cost.

    `grade` is A to D with its words; `planned` is the plan line's value on the day of `now`.
    """

    measure: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    target_date: dt.date | None = None
    now: Decimal | None = None
    now_on: dt.date | None = None
    planned: Decimal | None = None
    on_plan: bool | None = None
    grade: str = "D"
    grade_words: str = "none"
    ceiling: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class RiskFacts:
    """An open risk in cause-event-impact words."""

    key: str
    score: int
    before: int | None
    band: str
    cause: str
    event: str
    impact: str
    owner: Who
    response: str
    next_date: dt.date | None
    above: bool
    accepted_until: dt.date | None
    path: str


@dataclass(frozen=True)
class ActionFacts:
    """Mitigation actions of open risks, counted; `dated` are those with an agreed date that has come."""

    open: int = 0
    late: int = 0
    done: int = 0


@dataclass(frozen=True)
class ResultFacts:
    """One production metric against its target; `level` is the open alert's, `value` the reading that raised it.

    `reports` is false once the metric has been silent for so long that its newest reading says nothing about today.
    """

    key: str
    name: str
    unit: str
    target: str
    value: Decimal | None
    measured: dt.date | None
    level: str
    path: str
    category: str = ""
    reports: bool = True

    @property
    def is_cost(self) -> bool:
        """Whether it is about what the program costs."""
        return self.category == "cost"


@dataclass(frozen=True)
class AskFacts:
    """A decision wanted from the sponsor; `options` are (name, effect)."""

    key: str
    kind: str
    question: str
    options: tuple[tuple[str, str], ...]
    recommended: int | None
    recommendation: str
    by: dt.date | None
    silence: str
    asked_on: dt.date
    path: str


@dataclass(frozen=True)
class ComingFacts:
    """Something dated ahead."""

    key: str
    on: dt.date
    title: str
    kind: str
    path: str


@dataclass(frozen=True)
class GateMark:
    """One gate on the ninety-day line."""

    name: str
    day: int
    due: dt.date
    baseline: dt.date
    state: str


@dataclass(frozen=True)
class StatusFacts:
    """Everything, at one instant."""

    at: dt.datetime
    today: dt.date
    program: ProgramFacts
    colour: str
    since: dt.date | None
    computed_verdict: str
    rules: tuple[RuleFact, ...]
    declared: DeclaredFacts | None
    update: UpdateFacts | None
    readiness: ReadinessFacts
    value: ValueFacts
    risks: tuple[RiskFacts, ...]
    tolerance: int
    actions: ActionFacts
    results: tuple[ResultFacts, ...]
    asks: tuple[AskFacts, ...]
    coming: tuple[ComingFacts, ...]
    gates: tuple[GateMark, ...]
    late_discoveries: int = 0
