"""The computed status: four colours by rule, worst first, always naming the rules that fired.

Pure. The table is "Status colour" of the rules file. Rules about waivers, conditions, holds, acceptances and metric
readings are added by `gates.domain.standing`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from phases.domain.readiness import Proof


class Colour(StrEnum):
    """The four words, worst first; unknown is never drawn as good."""

    GREY = "grey"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"grey": "Not reported", "red": "Off track", "amber": "At risk", "green": "On track"}[self.value]


@dataclass(frozen=True)
class Rule:
    """One rule that fired, as a sentence."""

    colour: Colour
    slug: str
    sentence: str


@dataclass(frozen=True)
class Thresholds:
    """The playbook's constants (`limits` and `scoring`), with days in calendar days unless said."""

    stale_program_days: int = 10
    gate_overdue_red_working_days: int = 5
    pace_red_below: Fraction = Fraction(60, 100)
    pace_amber_below: Fraction = Fraction(85, 100)
    amber_lowest_dimension_below: int = 70
    amber_window_days: int = 10
    non_waivable_days_before: int = 5
    must_due_window_days: int = 10
    area_vacant_red_after_day: int = 60


@dataclass(frozen=True)
class CriterionStatus:
    """What the rules need to know of one applicable criterion up to the gate ahead."""

    text: str
    must: bool
    non_waivable: bool
    due_date: dt.date
    event_date: dt.date
    forecast_date: dt.date | None
    proof: Proof
    has_evidence: bool
    times_moved: int = 0


@dataclass(frozen=True)
class ProgramFacts:
    """Everything the rules look at."""

    today: dt.date
    day: int
    criteria: tuple[CriterionStatus, ...]
    pace: Fraction | None
    weakest: tuple[str, int] | None
    gate_name: str
    gate_date: dt.date | None
    gate_working_days_overdue: int
    days_since_update: int
    vacant_areas: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """The colour and every rule that fired, worst first."""

    colour: Colour
    rules: tuple[Rule, ...]

    @property
    def sentence(self) -> str:
        """The first rule's sentence: a colour never stands alone."""
        return self.rules[0].sentence if self.rules else "Everything due is proven and the next gate date holds."


def status(facts: ProgramFacts, thresholds: Thresholds) -> Status:
    """Compute the status; green only when no rule of another colour fires."""
    fired = [*_grey(facts, thresholds), *_red(facts, thresholds), *_amber(facts, thresholds)]
    return Status(fired[0].colour if fired else Colour.GREEN, tuple(fired))


def _grey(facts: ProgramFacts, limit: Thresholds) -> Iterable[Rule]:
    due = [c for c in facts.criteria if c.due_date <= facts.today]
    if not due:
        yield Rule(Colour.GREY, "nothing-due", "Nothing is due yet, so nothing is known.")
    elif 2 * sum(c.has_evidence for c in due) < len(due):
        with_evidence = sum(c.has_evidence for c in due)
        yield Rule(
            Colour.GREY,
            "little-evidence",
            f"Only {with_evidence} of {len(due)} criteria due so far have any evidence.",
        )
    if facts.days_since_update >= limit.stale_program_days:
        yield Rule(Colour.GREY, "no-update", f"Nothing was updated for {facts.days_since_update} days.")


def _red(facts: ProgramFacts, limit: Thresholds) -> Iterable[Rule]:
    open_ = [c for c in facts.criteria if c.proof is not Proof.VERIFIED_FRESH]
    bare = [c for c in open_ if c.proof is not Proof.WAIVED]  # a waiver answers for a late criterion, never for credit
    late = [c for c in bare if c.must and c.due_date < facts.today and not _forecast_holds(c)]
    if late:
        yield Rule(
            Colour.RED,
            "must-overdue",
            _count(late, "must-meet is overdue", "must-meets are overdue") + " with no forecast before the gate.",
        )
    soon = [c for c in open_ if c.non_waivable and (c.event_date - facts.today).days <= limit.non_waivable_days_before]
    if soon:
        yield Rule(
            Colour.RED,
            "non-waivable",
            _count(soon, "criterion that cannot be waived is", "criteria that cannot be waived are")
            + f" unmet {limit.non_waivable_days_before} days before {facts.gate_name}.",
        )
    if facts.vacant_areas and facts.day > limit.area_vacant_red_after_day:
        yield Rule(
            Colour.RED,
            "area-vacant",
            f"Nobody owns {', '.join(facts.vacant_areas)} after day {limit.area_vacant_red_after_day}.",
        )
    if facts.gate_working_days_overdue > limit.gate_overdue_red_working_days:
        yield Rule(
            Colour.RED,
            "gate-overdue",
            f"{facts.gate_name} has had no decision for {facts.gate_working_days_overdue} working days.",
        )
    if facts.pace is not None and facts.pace < limit.pace_red_below:
        yield Rule(Colour.RED, "pace", f"Pace is {float(facts.pace):.2f}; 1.00 is on plan.")


def _amber(facts: ProgramFacts, limit: Thresholds) -> Iterable[Rule]:
    open_musts = [c for c in facts.criteria if c.must and c.proof is not Proof.VERIFIED_FRESH]
    soon = [c for c in open_musts if 0 <= (c.due_date - facts.today).days <= limit.must_due_window_days]
    if soon:
        yield Rule(
            Colour.AMBER,
            "must-due-soon",
            _count(soon, "must-meet is", "must-meets are")
            + f" due within {limit.must_due_window_days} days and not verified.",
        )
    stale = [c for c in open_musts if c.proof is Proof.STALE]
    if stale:
        yield Rule(
            Colour.AMBER,
            "stale-evidence",
            _count(stale, "must-meet has", "must-meets have") + " evidence past its age.",
        )
    slipping = [c for c in open_musts if c.forecast_date and c.forecast_date > c.due_date and _forecast_holds(c)]
    if slipping:
        yield Rule(
            Colour.AMBER,
            "forecast-slip",
            _count(slipping, "must-meet is", "must-meets are") + " forecast later than agreed, still before the gate.",
        )
    if facts.pace is not None and limit.pace_red_below <= facts.pace < limit.pace_amber_below:
        yield Rule(Colour.AMBER, "pace", f"Pace is {float(facts.pace):.2f}; 1.00 is on plan.")
    if facts.weakest and facts.gate_date is not None:
        ahead = (facts.gate_date - facts.today).days
        if 0 <= ahead <= limit.amber_window_days and facts.weakest[1] < limit.amber_lowest_dimension_below:
            yield Rule(
                Colour.AMBER,
                "weakest-dimension",
                f"{facts.weakest[0]} stands at {facts.weakest[1]}, {ahead} days before {facts.gate_name}.",
            )
    moved = [c for c in facts.criteria if c.times_moved >= 2 and c.proof is not Proof.VERIFIED_FRESH]
    if moved:
        yield Rule(Colour.AMBER, "moved-twice", _count(moved, "date was", "dates were") + " moved twice or more.")


def _forecast_holds(criterion: CriterionStatus) -> bool:
    """Tolerance: the forecast still lies on or before the criterion's own gate."""
    return criterion.forecast_date is not None and criterion.forecast_date <= criterion.event_date


def _count(items: list[CriterionStatus], one: str, many: str) -> str:
    return f"{len(items)} {one if len(items) == 1 else many}"
