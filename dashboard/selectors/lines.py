"""Words and states made of a loaded plan, shared by the portfolio line and mission control. No queries, no writes."""

import datetime as dt

from dashboard.domain.words import VerdictFacts, verdict
from phases.domain.readiness import Proof
from phases.enums import EventState
from phases.selectors.plan import Plan
from phases.selectors.reading import Reading


def verdict_of(plan: Plan, reading: Reading) -> str:
    """Return the verdict sentence of a program."""
    gate, weakest = reading.gate, reading.readiness.weakest
    musts = [c for c in plan.criteria if c.applicable and c.is_must and gate is not None and c.event.day <= gate.day]
    return verdict(
        VerdictFacts(
            reason=reading.status.sentence,
            gate_name=gate.name if gate and gate.state == EventState.PENDING else "",
            gate_days=(gate.due_date - reading.today).days if gate else None,
            musts=len(musts),
            musts_met=sum(reading.proofs[c.pk] is Proof.VERIFIED_FRESH for c in musts),
            weakest=reading.dimension_names.get(weakest.dimension, "") if weakest else "",
            weakest_points=weakest.points if weakest else None,
        )
    )


def gate_state(plan: Plan, event_id: int, today: dt.date) -> str:
    """Return how a gate is drawn: done, late, next or plain."""
    event = next(e for e in plan.events if e.pk == event_id)
    if event.state == EventState.DECIDED:
        return "done"
    upcoming = plan.next_gate()
    if upcoming is None or upcoming.pk != event_id:
        return ""
    return "late" if event.due_date < today else "next"
