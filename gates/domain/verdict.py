"""The verdict sentence, made of facts. Pure; must not decide a status.

It stands here, below every page, so that the team's page, the portfolio and the executive page say the same (S22).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class VerdictFacts:
    """What the verdict sentence is made of."""

    reason: str
    gate_name: str
    gate_days: int | None
    musts: int
    musts_met: int
    weakest: str
    weakest_points: int | None


def verdict(facts: VerdictFacts) -> str:
    """Return the verdict: the rule that set the status first, then the gate ahead in numbers."""
    if not facts.gate_name or facts.gate_days is None:
        return facts.reason
    met = f"{facts.musts_met} of {facts.musts} must-meets verified"
    was = " was due" if facts.gate_days < 0 else ""
    gate = f"{facts.gate_name}{was} {in_days(facts.gate_days)}: {met}"
    if facts.weakest_points is not None and facts.weakest_points < 100:
        gate += f", weakest is {facts.weakest} at {facts.weakest_points}"
    return f"{facts.reason} {gate}."


def in_days(days: int) -> str:
    """Write a distance: "today", "tomorrow", "in 23 days", "3 days ago"."""
    if days in (0, 1, -1):
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"
