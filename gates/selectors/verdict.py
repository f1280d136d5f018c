"""The verdict sentence of a loaded plan and its reading. No queries, no writes."""

from gates.domain.verdict import VerdictFacts, verdict
from phases.domain.readiness import Proof
from phases.enums import EventState
from phases.models import Criterion
from phases.selectors.plan import Plan
from phases.selectors.reading import Reading


def musts_ahead(plan: Plan, reading: Reading) -> list[Criterion]:
    """Return the applicable must-meets up to the gate ahead."""
    gate = reading.gate
    return [c for c in plan.criteria if c.applicable and c.is_must and gate is not None and c.event.day <= gate.day]


def verdict_of(plan: Plan, reading: Reading) -> str:
    """Return the verdict sentence of a program."""
    gate, weakest = reading.gate, reading.readiness.weakest
    musts = musts_ahead(plan, reading)
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
