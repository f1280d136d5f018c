"""The colour rules that need waivers, conditions, acceptances, holds and risks; added to the plan's own rules. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from gates.domain.conditions import Standing
from gates.domain.drift import Drift, Stage
from gates.domain.facts import RiskFact
from gates.domain.limits import Limits
from gates.domain.risks import above_tolerance
from phases.domain.status import Colour, Rule, Status

ORDER = (Colour.GREY, Colour.RED, Colour.AMBER, Colour.GREEN)


@dataclass(frozen=True)
class GateStanding:
    """What the rules look at, as of `today`."""

    today: dt.date
    day: int
    limits: Limits
    active_waivers: tuple[str, ...] = ()
    expired_waivers: tuple[str, ...] = ()
    conditions: tuple[tuple[str, Standing], ...] = ()
    expired_acceptances: tuple[str, ...] = ()
    risks: tuple[RiskFact, ...] = ()
    drift: Drift | None = None
    broken_tolerances: tuple[str, ...] = ()
    metrics_silent: tuple[str, ...] = ()
    metrics_late: tuple[str, ...] = ()
    metrics_breached: tuple[str, ...] = ()
    unanswered_escalations: tuple[str, ...] = ()
    empty_rungs: tuple[str, ...] = ()


def extra_rules(facts: GateStanding) -> tuple[Rule, ...]:
    """Return every rule of this table that fires, worst first."""
    return (*_grey(facts), *_red(facts), *_amber(facts))


def combine(base: Status, extra: Iterable[Rule]) -> Status:
    """Add rules to a computed status; the worst colour leads, the order within a colour stays."""
    rules = sorted([*base.rules, *extra], key=lambda rule: ORDER.index(rule.colour))
    return Status(rules[0].colour if rules else Colour.GREEN, tuple(rules))


def _grey(facts: GateStanding) -> Iterable[Rule]:
    if facts.metrics_silent:
        yield Rule(Colour.GREY, "metric-silent", f"No reading for two periods: {_named(facts.metrics_silent)}.")


def _red(facts: GateStanding) -> Iterable[Rule]:
    if facts.expired_waivers:
        yield Rule(Colour.RED, "waiver-expired", _of(facts.expired_waivers, "A waiver expired", "waivers expired"))
    late = tuple(text for text, standing in facts.conditions if standing in (Standing.OVERDUE, Standing.LAPSED))
    if late:
        yield Rule(Colour.RED, "condition-overdue", _of(late, "A condition is overdue", "conditions are overdue"))
    if facts.expired_acceptances:
        yield Rule(
            Colour.RED,
            "acceptance-expired",
            _of(facts.expired_acceptances, "A risk acceptance expired", "risk acceptances expired"),
        )
    if facts.drift is not None and facts.drift.held and facts.drift.stage is Stage.ESCALATED:
        yield Rule(Colour.RED, "hold-expired", f"Hold expired: {facts.drift.sentence}")
    open_ = [
        risk
        for risk in above_tolerance(facts.risks, facts.limits)
        if not risk.accepted(facts.today) and (risk.response_late or not (risk.has_response and risk.has_date))
    ]
    if open_ and facts.day > facts.limits.risk_red_after_day:
        text = _of(tuple(r.text for r in open_), "A risk is above tolerance", "risks are above tolerance")
        yield Rule(Colour.RED, "risk-above-tolerance", f"{text[:-1]}, without acceptance or a plan on time.")
    if facts.broken_tolerances:
        yield Rule(
            Colour.RED, "tolerance-broken", _of(facts.broken_tolerances, "A tolerance broke", "tolerances broke")
        )
    if facts.unanswered_escalations:
        text = _of(facts.unanswered_escalations, "An escalation is unanswered", "escalations are unanswered")
        yield Rule(Colour.RED, "escalation-unanswered", f"{text[:-1]}, past its last level.")
    if facts.metrics_late:
        text = f"A critical limit is breached and nobody acknowledged it in time: {_named(facts.metrics_late)}."
        yield Rule(Colour.RED, "metric-critical", text)


def _amber(facts: GateStanding) -> Iterable[Rule]:
    if facts.metrics_breached:
        yield Rule(Colour.AMBER, "metric-breached", f"A limit is breached: {_named(facts.metrics_breached)}.")
    if facts.active_waivers:
        yield Rule(Colour.AMBER, "waiver-active", _of(facts.active_waivers, "A waiver is active", "waivers are active"))
    open_ = tuple(text for text, standing in facts.conditions if standing is Standing.OPEN)
    if open_:
        yield Rule(Colour.AMBER, "condition-open", _of(open_, "A condition is open", "conditions are open"))
    unseen = tuple(
        risk.text
        for risk in facts.risks
        if risk.review_on is not None and risk.review_on < facts.today and facts.limits.is_high(risk.score)
    )
    if unseen:
        text = _of(unseen, "A high risk is past its review date", "high risks are past their review date")
        yield Rule(Colour.AMBER, "risk-review-late", text)
    if facts.empty_rungs:
        text = _of(facts.empty_rungs, "A running escalation met an empty level", "running escalations met empty levels")
        yield Rule(Colour.AMBER, "escalation-gap", text)


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) < 4 else f"{', '.join(names[:2])} and {len(names) - 2} more"


def _of(names: tuple[str, ...], one: str, many: str) -> str:
    return f"{one}: {names[0].rstrip('.')}." if len(names) == 1 else f"{len(names)} {many}."
