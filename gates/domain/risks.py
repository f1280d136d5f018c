"""G23 and S58: tolerance against the current score, never the target; what a risk needs before a gate. Pure."""

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
    at or under tolerance, or a signed acceptance must cover it and still hold, and every moderate or higher risk needs
    an owner, actions with dates and an escalation path (S58). Each risk is named with what it lacks.
    """
    risks = tuple(risks)
    found = above_tolerance(risks, limits)
    if first_gate:
        return tuple(f"Risk “{r.text}” ({r.score}) needs {_lacks(r)} (G23)." for r in found if _lacks(r))
    return (*_above(found, limits, today), *_untreated(risks, limits))


def untreated(risks: Iterable[RiskFact], limits: Limits) -> tuple[RiskFact, ...]:
    """Return the moderate or higher risks that lack an owner, dated actions or a path, worst first (S58)."""
    lacking = (risk for risk in risks if limits.needs_treatment(risk.score) and _untreated_for(risk))
    return tuple(sorted(lacking, key=lambda r: (-r.score, r.slug)))


def _above(found: Iterable[RiskFact], limits: Limits, today: dt.date) -> tuple[str, ...]:
    return tuple(
        f"Risk “{r.text}” scores {r.score}, above the tolerance of {limits.risk_tolerance}, "
        f"and no acceptance covers it (G23)."
        for r in found
        if not r.accepted(today)
    )


def _untreated(risks: Iterable[RiskFact], limits: Limits) -> tuple[str, ...]:
    return tuple(
        f"Risk “{r.text}” ({r.score}, {limits.band(r.score)}) needs {_untreated_for(r)} (S58)."
        for r in untreated(risks, limits)
    )


def _untreated_for(risk: RiskFact) -> str:
    undated = risk.undated_actions
    dates = "a date for its open action" if undated == 1 else f"dates for its {undated} open actions"
    parts = [
        word
        for word, there in (
            ("an owner", risk.has_owner),
            ("a mitigation action", risk.has_actions),
            (dates, not undated),
            ("an escalation path", risk.has_path),
        )
        if not there
    ]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _lacks(risk: RiskFact) -> str:
    parts = [
        word
        for word, there in (("an owner", risk.has_owner), ("a response", risk.has_response), ("a date", risk.has_date))
        if not there
    ]
    return " and ".join(parts)
