"""Readiness and status of a program as of now: rows in, pure functions over them, values out. Must not write."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from ownership.domain.demands import DEMANDS, shortfalls
from ownership.domain.gaps import unowned
from phases.domain import status as rules
from phases.domain.readiness import CriterionFact, Proof, Readiness, Scoring, readiness
from phases.domain.status import CriterionStatus, ProgramFacts, Status, Thresholds
from phases.enums import CriterionState
from phases.models import Criterion, Event, Evidence
from phases.selectors.plan import Plan
from programs.domain.calendar import day_of

NEWER_LIMITS = ("non_waivable_days_before", "must_due_window_days", "area_vacant_red_after_day")
"""Numbers that programs launched from an older edition do not carry; the defaults are the rules' own."""


@dataclass(frozen=True)
class Reading:
    """Where a program stands: the day, the gate ahead, readiness, status, and each criterion's proof."""

    today: dt.date
    day: int
    gate: Event | None
    readiness: Readiness
    status: Status
    proofs: Mapping[int, Proof]
    dimension_names: Mapping[str, str]


def proof_of(criterion: Criterion, evidence: list[Evidence], today: dt.date) -> Proof:
    """Say where one proof stands today: evidence past the criterion's maximum age is stale, verified or not."""
    if not evidence:
        return Proof.NONE
    newest = max(row.effective_date for row in evidence)
    if (today - newest).days > criterion.max_age_days:
        return Proof.STALE
    return Proof.VERIFIED_FRESH if criterion.state == CriterionState.VERIFIED else Proof.EVIDENCE_UNVERIFIED


def proofs_of(plan: Plan, today: dt.date) -> dict[int, Proof]:
    """Say where each criterion's proof stands by its evidence, by id (no queries).

    What the register of owners contradicts is stale, whoever verified it: that is how gaps cap readiness.
    """
    proofs = {c.pk: proof_of(c, plan.proven_by(c), today) for c in plan.criteria}
    for pk in contradicted(plan, today):
        if proofs[pk] is Proof.VERIFIED_FRESH:
            proofs[pk] = Proof.STALE
    return proofs


def contradicted(plan: Plan, today: dt.date) -> frozenset[int]:
    """Return the ids of the criteria about owners that the register contradicts today (no queries)."""
    held = plan.holdings()
    return frozenset(c.pk for c in plan.criteria if c.slug in DEMANDS and shortfalls(c.slug, held, today))


def read_program(
    plan: Plan,
    *,
    today: dt.date,
    last_update: dt.datetime | None,
    proofs: Mapping[int, Proof] | None = None,
) -> Reading:
    """Compute the reading for the gate ahead (after the last gate: for the last one). No queries.

    `today` is the date in the program's time zone; `last_update` is when anything was last recorded; `proofs` stands
    in for the proofs by evidence alone where waivers and earlier decisions are known.
    """
    gates = [e for e in plan.events if e.is_gate]
    gate = plan.next_gate() or (gates[-1] if gates else None)
    counted = [c for c in plan.criteria if c.applicable and (gate is None or c.event.day <= gate.day)]
    proofs = proofs_of(plan, today) if proofs is None else proofs
    day = day_of(plan.program.start_date, today)
    names = {c.dimension_slug: c.dimension_name for c in plan.criteria}
    result = readiness(
        (CriterionFact(c.slug, c.dimension_slug, c.level, c.due_day, proofs[c.pk]) for c in counted),
        day=day,
        scoring=Scoring.from_data(plan.program.scoring),
    )
    facts = _facts(plan, counted, proofs, result, gate, today, last_update, names)
    return Reading(today, day, gate, result, rules.status(facts, thresholds(plan)), proofs, names)


def thresholds(plan: Plan) -> Thresholds:
    """Read the program's own constants; they were copied from its playbook at launch."""
    limits, scoring = plan.program.limits, plan.program.scoring
    return Thresholds(
        stale_program_days=limits["stale_program_days"],
        gate_overdue_red_working_days=limits["gate_overdue_red_working_days"],
        pace_red_below=Fraction(str(scoring["pace_red_below"])),
        pace_amber_below=Fraction(str(scoring["pace_amber_below"])),
        amber_lowest_dimension_below=scoring["amber_lowest_dimension_below"],
        amber_window_days=scoring["amber_window_days"],
        **{name: limits[name] for name in NEWER_LIMITS if name in limits},
    )


def _facts(
    plan: Plan,
    counted: list[Criterion],
    proofs: Mapping[int, Proof],
    result: Readiness,
    gate: Event | None,
    today: dt.date,
    last_update: dt.datetime | None,
    names: Mapping[str, str],
) -> ProgramFacts:
    overdue = 0
    if gate is not None and gate.due_date < today and plan.next_gate() is not None:
        overdue = plan.program.calendar.working_days_between(gate.due_date, today)
    last = (last_update or plan.program.launched_at).astimezone(ZoneInfo(plan.program.time_zone))
    since = (today - last.date()).days
    return ProgramFacts(
        today=today,
        day=day_of(plan.program.start_date, today),
        criteria=tuple(
            CriterionStatus(
                text=c.text,
                must=c.is_must,
                non_waivable=c.non_waivable,
                due_date=c.due_date,
                event_date=c.event.due_date,
                forecast_date=c.forecast_date,
                proof=proofs[c.pk],
                has_evidence=bool(plan.proven_by(c)),
                times_moved=plan.moves[("criterion", c.pk)],
            )
            for c in counted
        ),
        pace=result.pace,
        weakest=(names[result.weakest.dimension], result.weakest.points) if result.weakest else None,
        gate_name=gate.name if gate else "",
        gate_date=gate.due_date if gate else None,
        gate_working_days_overdue=overdue,
        days_since_update=max(since, 0),
        vacant_areas=tuple(gap.short for gap in unowned(plan.holdings(), today)),
    )
