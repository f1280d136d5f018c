"""G23: tolerance against the current score, never the target; and who may sign for more. Pure."""

import datetime as dt
from collections.abc import Iterable

from gates.domain.facts import RiskFact
from gates.domain.limits import Limits


def above_tolerance(risks: Iterable[RiskFact], limits: Limits) -> tuple[RiskFact, ...]:
    """Return the risks whose current score is above tolerance, worst first."""
    return tuple(sorted((r for r in risks if r.score > limits.risk_tolerance), key=lambda r: (-r.score, r.slug)))


def why_risks_block(risks: Iterable[RiskFact], limits: Limits, *, first_gate: bool, today: dt.date) -> tuple[str, ...]:
    """Say why the risks close the way on: empty when they do not.

    At the first gate each risk above tolerance needs an owner, a response and a date; later its current score must be
    at or under tolerance, or a signed acceptance must cover it and still hold.
    """
    found = above_tolerance(risks, limits)
    if first_gate:
        return tuple(f"Risk “{r.text}” ({r.score}) needs {_lacks(r)} (G23)." for r in found if _lacks(r))
    return tuple(
        f"Risk “{r.text}” scores {r.score}, above the tolerance of {limits.risk_tolerance}, "
        f"and no acceptance covers it (G23)."
        for r in found
        if not r.accepted(today)
    )


def _lacks(risk: RiskFact) -> str:
    parts = [
        word
        for word, there in (("an owner", risk.has_owner), ("a response", risk.has_response), ("a date", risk.has_date))
        if not there
    ]
    return " and ".join(parts)
