"""Sections of a playbook about running the program: risks, escalation, metrics, ownership, people and rhythms.

Says what a single field may hold; `crosschecks` says what must fit together. Must not read files.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from playbooks.domain.plan_parts import Applies, Named, RelatesTo
from playbooks.domain.shapes import Count, Day, Frozen, Line, Note, Slug, Text


class RiskDef(Frozen):
    """A risk of the library in cause, event, impact words, with its first scores, indicators and actions."""

    slug: Slug
    category: Slug
    named_in_article: bool = Field(strict=True)
    cause: Text
    event: Text
    impact: Text
    probability: Annotated[int, Field(strict=True, ge=1, le=5)]
    impact_score: Annotated[int, Field(strict=True, ge=1, le=5)]
    indicators: tuple[Line, ...] = Field(min_length=1)
    actions: tuple[Line, ...] = Field(min_length=1)
    escalation: Slug
    default_response: Slug
    owner: Slug
    raise_from_phase: Slug
    applies: Applies
    relates_to: RelatesTo = {}


class WaitUnit(StrEnum):
    """Unit of a response or escalation time."""

    AT_ONCE = "at_once"
    MINUTES = "minutes"
    HOURS = "hours"
    SAME_DAY = "same_day"
    WORKING_DAYS = "working_days"


class _Wait(Frozen):
    amount: Count
    unit: WaitUnit

    @model_validator(mode="after")
    def _amount_fits_unit(self) -> "_Wait":
        counted = self.unit not in (WaitUnit.AT_ONCE, WaitUnit.SAME_DAY)
        if counted != (self.amount > 0):
            raise ValueError(f"amount {self.amount} does not fit {self.unit}: at_once and same_day take 0")
        return self


class EscalationLevelDef(_Wait):
    """Who is told at one level and after how long; `others` are people outside the program's roles."""

    roles: tuple[Slug, ...] = Field(min_length=1)
    others: tuple[Line, ...] = ()
    any_of: bool = False
    timing: Literal["after", "within", ""] = ""
    at_once_when: Note = ""
    note: Note = ""


class EscalationPathDef(Named):
    """How one kind of trouble climbs."""

    trigger: Text
    levels: tuple[EscalationLevelDef, ...] = Field(min_length=1, max_length=9)


class Limit(Frozen):
    """A limit of a metric: below `low` or above `high` it is missed. Relative and later-set limits say so instead.

    `note` keeps the wording. Numbers are exact decimals.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    above_target_percent: Annotated[int, Field(ge=1, le=1000)] | None = None
    set_from: Note = ""
    note: Note = ""

    @model_validator(mode="after")
    def _says_something(self) -> "Limit":
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} lies above high {self.high}")
        if self.low is None and self.high is None and self.above_target_percent is None and not self.set_from:
            raise ValueError("needs low, high, above_target_percent or set_from")
        return self


class MetricDef(Named):
    """A metric with its three limits; numbers are examples to confirm."""

    category: Slug
    unit: Line
    direction: Literal["higher", "lower", "range"]
    target: Limit
    warn: Limit
    critical: Limit
    frequency: Literal["daily", "weekly", "monthly"]
    source: Line
    owner: Slug
    why: Text
    category_required: bool = Field(strict=True)


class ProgramMeasure(Named):
    """A measure the app computes about the program itself."""

    note: Note = ""


class ResponseTime(_Wait):
    """How fast an ownership area answers to one trigger."""

    trigger: Line


class OwnershipAreaDef(Named):
    """One of the areas somebody must accept: what it covers, may decide and must answer to."""

    role: Slug
    covers: Text
    may_decide: Text
    routine: Text
    response_times: tuple[ResponseTime, ...]
    gap_alerts: tuple[Line, ...]


class RaciRow(Frozen):
    """Who is responsible, accountable, consulted and informed for one activity."""

    activity: Line
    assignments: dict[Slug, tuple[Literal["R", "A", "C", "I"], ...]]


class CadenceStep(Frozen):
    """One rhythm of talking to a group: how often, from and until which day, or during what."""

    every: Literal["once", "day", "week", "fortnight", "month", "quarter", "gate", "calendar", "change"]
    from_day: Day | None = None
    until_day: Day | None = None
    during: Note = ""


class Cadence(Frozen):
    """The rhythms of one group, with the wording they came from."""

    note: Line
    steps: tuple[CadenceStep, ...] = Field(min_length=1)


class StakeholderGroupDef(Named):
    """A group that asks something and gets something; `phase` is a phase or "all"."""

    asks: Text
    gets: Text
    cadence: Cadence
    owner: Slug
    phase: Slug
    acknowledges_brief: bool = Field(strict=True)
    acknowledges_note: Note = ""


class Rhythm(Frozen):
    """One stretch of a repetition: every `interval` weeks, months or years, up to `until_day` if given."""

    freq: Literal["weekly", "monthly", "yearly"]
    interval: Annotated[int, Field(strict=True, ge=1, le=60)] = 1
    until_day: Day | None = None

    @model_validator(mode="after")
    def _only_weeks_end(self) -> "Rhythm":
        if self.until_day is not None and self.freq != "weekly":
            raise ValueError("only a weekly stretch can end at a program day; months are not counted in days")
        return self


class Repeats(Frozen):
    """How a governance event repeats: by default, per tier where it differs, and on which change besides."""

    note: Line
    default: tuple[Rhythm, ...]
    by_tier: dict[Literal["1", "2", "3"], tuple[Rhythm, ...]] = {}
    on_change: Note = ""

    def at(self, tier: int) -> tuple[Rhythm, ...]:
        """The stretches that hold at `tier`; empty means once."""
        return next((stretches for key, stretches in self.by_tier.items() if key == str(tier)), self.default)


class GovernanceEventDef(Named):
    """An appointment of the calendar after day 90."""

    kind: Literal["review", "audit", "update", "reassessment"]
    first_day: Day
    repeats: Repeats
    owner: Slug
    inputs: Text
    output: Text
    relates_to: RelatesTo = {}


class TriggerDef(Frozen):
    """Something that happens, and what it sets going."""

    when: Text
    then: Text
