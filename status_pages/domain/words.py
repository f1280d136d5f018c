"""Sentences of the status document. Pure; takes facts, decides no colour."""

import datetime as dt
from decimal import Decimal

from gates.domain.verdict import in_days
from status_pages.domain.facts import GateFacts, ResultFacts, RiskFacts, StatusFacts

LABEL = {"green": "On track", "amber": "At risk", "red": "Off track", "grey": "Not reported"}
UPDATE_SPEAKS_DAYS = 14
"""For how long the manager's sentence leads the page; afterwards the rules speak, and the page says why."""


def number(value: Decimal) -> str:
    """Write a number without trailing zeros, thousands set apart."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(amount: int, one: str, many: str) -> str:
    """Write a number with its noun."""
    return f"{amount} {one if amount == 1 else many}"


def short(on: dt.date) -> str:
    """Write a date as "Tue 17 Nov"."""
    return f"{on:%a} {on.day} {on:%b}"


def value_sentence(facts: StatusFacts) -> str:
    """Say what is promised and what is known of it so far."""
    value = facts.value
    if not value.measure:
        return "No outcome statement: nobody has said what shall change."
    promise = value.measure
    if value.baseline is not None and value.target is not None:
        promise += f": from {number(value.baseline)} to {number(value.target)} {value.unit}".rstrip()
        if value.target_date is not None:
            promise += f" by {short(value.target_date)}"
    breached = [result.name for result in facts.results if result.level and not result.is_cost]
    if breached:
        return f"{promise}. {count(len(breached), 'limit is', 'limits are')} breached: {', '.join(breached[:3])}."
    if value.now is None or value.now_on is None:
        return f"{promise}. Not measured yet."
    against = "" if value.on_plan is None else ", on plan" if value.on_plan else ", behind its plan line"
    return f"{promise}. Now {number(value.now)} ({short(value.now_on)}){against}."


def risk_sentence(risks: tuple[RiskFacts, ...], tolerance: int) -> str:
    """Count what is above tolerance, and say how much of it somebody signed for."""
    above = [risk for risk in risks if risk.above]
    if not above:
        return f"No risk is above the tolerance of {tolerance}."
    signed = sum(risk.accepted_until is not None for risk in above)
    text = f"{count(len(above), 'risk is', 'risks are')} above the tolerance of {tolerance}"
    return f"{text}, {signed} of them accepted." if signed else f"{text}, none accepted."


def readiness_sentence(facts: StatusFacts) -> str:
    """Lead with the weakest dimension; the average and the verified share follow."""
    ready = facts.readiness
    if ready.points is None:
        return "No criterion applies up to the next gate."
    text = f"Readiness {ready.points}, weakest: {ready.weakest} (average {ready.average}, verified {ready.verified})"
    return f"{text}, pace {ready.pace}. {ready.musts_met} of {ready.musts} must-meets verified."


def ownership_sentence(vacant: tuple[str, ...]) -> str:
    """Name what nobody owns."""
    return f"Nobody owns {', '.join(vacant)}." if vacant else "Every ownership area has its person."


def schedule_sentence(gate: GateFacts | None, *, troubled: bool) -> str:
    """Say whether the gate ahead keeps its date; while a rule about dates applies, only which date is agreed."""
    if gate is None or gate.decided:
        return "Every gate is decided."
    if gate.slip > 0:
        late = count(gate.slip, "day", "days")
        return (
            f"{gate.name} is agreed for {short(gate.date)}; proof is forecast for {short(gate.forecast)}, {late} later."
        )
    if troubled:
        return f"{gate.name} is agreed for {short(gate.date)}."
    return f"{gate.name} holds on {short(gate.date)}."


def cost_sentence(facts: StatusFacts) -> str:
    """Say the ceiling and what the cost metrics say of it; a silent metric says nothing."""
    ceiling = "No cost ceiling was set."
    if facts.value.ceiling is not None:
        ceiling = f"Ceiling {number(facts.value.ceiling)} {facts.value.currency}."
    read = [r for r in facts.results if r.is_cost and r.value is not None and r.reports]
    if not read:
        return f"{ceiling} No cost metric reports."
    worst = min(read, key=lambda r: ("critical", "warning", "").index(r.level))
    on = f" ({short(worst.measured)})" if worst.measured else ""
    return f"{ceiling} {worst.name}: {result_words(worst)}{on}, target {worst.target}."


def how_set(facts: StatusFacts) -> str:
    """Say how the status came about: the rules first, then whether the manager agrees."""
    rules = facts.rules
    said = f"The rules say {LABEL[facts.colour]}"
    said += f": {rules[0].sentence}" if rules else ": no rule for another colour applies."
    if len(rules) > 1:
        said += f" {count(len(rules) - 1, 'more rule applies', 'more rules apply')}."
    declared = facts.declared
    if declared is not None and declared.colour != facts.colour:
        said += f" {declared.by.name or declared.by.role} declared {LABEL[declared.colour]}: {declared.reason}"
        if declared.agreed is False:
            said += " The sponsor has not agreed, so it is not in force."
        return said
    if facts.update is not None and facts.update.colour == facts.colour:
        return f"{said} {facts.update.by.name or facts.update.by.role} agreed on {short(facts.update.at.date())}."
    return f"{said} Nobody has declared another status."


def risk_words(risk: RiskFacts) -> str:
    """Write a risk in cause-event-impact words, as one sentence."""
    cause, event, impact = (text.strip().rstrip(".") for text in (risk.cause, risk.event, risk.impact))
    return f"Because {cause}, {event}: {impact}."


def result_words(result: ResultFacts) -> str:
    """Say what is known of a metric."""
    if result.value is None:
        return "no reading yet"
    return f"{number(result.value)} {result.unit}".rstrip()


def gate_words(gate: GateFacts, today: dt.date) -> str:
    """Say how far the gate is."""
    return f"{gate.name} {in_days((gate.date - today).days)}"
