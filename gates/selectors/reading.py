"""Readiness and status with everything this app knows: waivers, conditions, expiries, holds, declared colours.

The plan's own reading stays the base. No queries here: `load_plan` and `load_ledger` did them. Must not write.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from gates.domain import declaring
from gates.domain.conditions import Standing
from gates.domain.drift import Drift, drift
from gates.domain.standing import GateStanding, combine, extra_rules
from gates.domain.tailoring import Share, flagged, not_applicable
from gates.models import DeclaredStatus
from gates.selectors.facts import proofs_with_gates, risk_facts
from gates.selectors.ledger import Ledger, load_ledger
from gates.selectors.metrics import metric_facts
from phases.domain.readiness import Proof
from phases.domain.status import Status
from phases.enums import EventState, Outcome
from phases.models import Criterion, Event
from phases.selectors import Plan, Reading
from phases.selectors import read_program as read_plan


@dataclass(frozen=True)
class GateReading(Reading):
    """A reading for pages: computed and declared status side by side, counts beside the score (honesty rule 8)."""

    ledger: Ledger
    declared: DeclaredStatus | None
    waivers: int
    waivers_expired: int
    conditions: int
    conditions_overdue: int
    not_applicable: int
    not_applicable_flags: tuple[Share, ...]
    drift: Drift | None
    forecast: dt.date | None
    slip_days: int | None

    @property
    def computed(self) -> Status:
        """The status by rule; `declared` never replaces it."""
        return self.status


def read_program(
    plan: Plan, *, today: dt.date, last_update: dt.datetime | None, ledger: Ledger | None = None
) -> GateReading:
    """Read a program for the gate ahead. Loads the ledger unless it is handed in (one or two queries)."""
    ledger = ledger or load_ledger(plan.program, today)
    proofs = proofs_with_gates(plan, ledger, today)
    base = read_plan(plan, today=today, last_update=last_update, proofs=proofs)
    own_drift = _drift(plan, ledger, base.gate)
    standing = _standing(plan, ledger, base, proofs, own_drift)
    shares = not_applicable((c.dimension_name, c.applicable) for c in plan.criteria if _counts(c, base.gate))
    latest = _forecast(plan, proofs, base.gate)
    values = {field.name: getattr(base, field.name) for field in dataclasses.fields(base)}
    values["status"] = combine(base.status, extra_rules(standing))
    return GateReading(
        **values,
        ledger=ledger,
        declared=_declared(ledger, today),
        waivers=len(standing.active_waivers),
        waivers_expired=len(standing.expired_waivers),
        conditions=len(standing.conditions),
        conditions_overdue=sum(s is not Standing.OPEN for _, s in standing.conditions),
        not_applicable=sum(share.left_out for share in shares),
        not_applicable_flags=flagged(shares, ledger.limits),
        drift=own_drift,
        forecast=latest,
        slip_days=(latest - base.gate.due_date).days if latest and base.gate else None,
    )


def _standing(
    plan: Plan, ledger: Ledger, base: Reading, proofs: Mapping[int, Proof], own_drift: Drift | None
) -> GateStanding:
    texts = {c.pk: c.text for c in plan.criteria}
    expired = [pk for pk in ledger.expired_waivers() if proofs.get(pk) is not Proof.VERIFIED_FRESH]
    risks = risk_facts(plan, ledger)
    lapsed = [r.text for r in risks if r.accepted_until and r.accepted_until < ledger.today and _above(r.score, ledger)]
    return GateStanding(
        today=ledger.today,
        day=base.day,
        limits=ledger.limits,
        active_waivers=tuple(texts[pk] for pk in ledger.active_waivers() if pk in texts),
        expired_waivers=tuple(texts[pk] for pk in expired if pk in texts),
        conditions=tuple((c.text, s) for c, s in ledger.open_conditions()),
        expired_acceptances=tuple(lapsed),
        risks=risks,
        drift=own_drift,
        unanswered_escalations=tuple(e.subject_label for e in ledger.escalations if e.is_running and not e.next_at),
        empty_rungs=tuple(e.subject_label for e in ledger.escalations if e.pk in ledger.empty_rungs),
        broken_tolerances=tuple(n.tolerance for n in ledger.notes if n.forecast_on < ledger.today),
        **metric_facts(ledger),
    )


def _above(score: int, ledger: Ledger) -> bool:
    return score > ledger.limits.risk_tolerance


def _drift(plan: Plan, ledger: Ledger, gate: Event | None) -> Drift | None:
    """How far the gate ahead drifted; while it is held, from the review date."""
    if gate is None or gate.state != EventState.PENDING:
        return None
    current = ledger.current(gate)
    held = current is not None and current.word == Outcome.HOLD
    due = current.review_date if current is not None and held and current.review_date else gate.due_date
    return drift(
        max(due, gate.due_date) if held else due, ledger.today, plan.program.calendar, ledger.limits, held=held
    )


def _declared(ledger: Ledger, today: dt.date) -> DeclaredStatus | None:
    declared = ledger.declared
    if declared is None:
        return None
    in_force = declaring.holds(
        better=declared.better, agreed=declared.agreed_at is not None, expires_on=declared.expires_on, today=today
    )
    return declared if in_force else None


def _forecast(plan: Plan, proofs: Mapping[int, Proof], gate: Event | None) -> dt.date | None:
    """Gate forecast: the latest expected date among unmet must-meets; the gate's own date when none is open."""
    if gate is None:
        return None
    unmet = [
        c.expected_date
        for c in plan.criteria
        if c.applicable and c.is_must and _counts(c, gate) and proofs[c.pk] is not Proof.VERIFIED_FRESH
    ]
    return max([*unmet, gate.forecast_date or gate.due_date])


def _counts(criterion: Criterion, gate: Event | None) -> bool:
    return gate is None or criterion.event.day <= gate.day
