"""What has to be filled in with each decision (table "Decisions"; G3, G5, G8, G9). Pure."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from gates.domain import conditions
from gates.domain.conditions import ConditionInput
from gates.domain.deciding import Verdict
from gates.domain.limits import Limits
from gates.domain.waivers import Fault
from gates.enums import HoldCause, Open, StopReason
from phases.enums import LAUNCHING, UNLOCKING, Outcome


@dataclass(frozen=True)
class DecisionInput:
    """What a decider sends. Only the fields of the chosen word are looked at."""

    word: Outcome
    reason: str
    explanation: str = ""
    trade_off: str = ""
    next_owner: str = ""
    next_budget: str = ""
    next_start: dt.date | None = None
    next_end: dt.date | None = None
    conditions: tuple[ConditionInput, ...] = ()
    hold_cause: str = ""
    waiting_for: str = ""
    keeps_running: str = ""
    review_date: dt.date | None = None
    redo: tuple[str, ...] = ()
    new_date: dt.date | None = None
    changes: str = ""
    stop_reason: str = ""
    disposal: str = ""
    people_told: str = ""
    lessons: str = ""
    cost_avoided: Decimal | None = None
    cost_currency: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What the contents are checked against. `open_slugs` are the criteria that failed."""

    today: dt.date
    limits: Limits
    next_gate: dt.date | None
    non_waivable: frozenset[str] = frozenset()
    open_slugs: frozenset[str] = frozenset()


def faults(wanted: DecisionInput, verdict: Verdict, around: Surroundings) -> list[Fault]:
    """Return everything that is missing from a decision; empty when it can be recorded."""
    found = []
    if not wanted.reason.strip():
        found.append(Fault("reason", "Say why, in a sentence others can read."))
    found += _explained(wanted, verdict)
    check = _CHECKS.get(wanted.word)
    return [*found, *(check(wanted, around) if check else [])]


def _explained(wanted: DecisionInput, verdict: Verdict) -> list[Fault]:
    if wanted.explanation.strip():
        return []
    choice = verdict.of(wanted.word)
    if choice.state is Open.EXPLAIN:
        return [Fault("explanation", "Explain: " + " ".join(choice.causes))]
    if verdict.recommended not in (None, wanted.word) and wanted.word in {c.word for c in verdict.choices}:
        advised = (verdict.recommended or "").replace("-", " ").capitalize()
        return [Fault("explanation", f"The recommendation is {advised}; say why you decide otherwise (G3).")]
    return []


def _go(wanted: DecisionInput, around: Surroundings) -> list[Fault]:
    found = [
        Fault(name, ask)
        for name, there, ask in (
            ("next_owner", wanted.next_owner.strip(), "Name who owns the next phase."),
            ("next_budget", wanted.next_budget.strip(), "Name the budget of the next phase."),
            ("next_start", wanted.next_start, "Say when the next phase starts."),
            ("next_end", wanted.next_end, "Say when the next phase ends."),
        )
        if not there
    ]
    if wanted.next_start and wanted.next_end and wanted.next_end <= wanted.next_start:
        found.append(Fault("next_end", "The next phase ends after it starts."))
    return found


def _conditions(wanted: DecisionInput, around: Surroundings) -> list[Fault]:
    return conditions.faults(
        wanted.conditions,
        today=around.today,
        next_gate=around.next_gate,
        non_waivable=around.non_waivable,
        limits=around.limits,
    )


def _conditional_go(wanted: DecisionInput, around: Surroundings) -> list[Fault]:
    return [*_go(wanted, around), *_conditions(wanted, around)]


def _hold(wanted: DecisionInput, around: Surroundings) -> list[Fault]:
    found = []
    if wanted.hold_cause not in set(HoldCause):
        found.append(Fault("hold_cause", "Name the cause outside the team's control."))
    if not wanted.waiting_for.strip():
        found.append(Fault("waiting_for", "Say what is waited for."))
    if not wanted.keeps_running.strip():
        found.append(Fault("keeps_running", "Say who keeps what running meanwhile."))
    latest = around.today + dt.timedelta(days=around.limits.hold_review_max_days)
    if wanted.review_date is None:
        found.append(Fault("review_date", "A hold needs a review date (G8)."))
    elif not around.today < wanted.review_date <= latest:
        found.append(Fault("review_date", f"The review lies after today and until {latest:%a %d %b %Y} (G8)."))
    return found


def _recycle(wanted: DecisionInput, around: Surroundings) -> list[Fault]:
    found = []
    foreign = sorted(set(wanted.redo) - around.open_slugs)
    if not wanted.redo:
        found.append(Fault("redo", "Name the criteria to redo (G9)."))
    elif foreign:
        found.append(Fault("redo", f"Only failed criteria are redone; {', '.join(foreign)} did not fail (G9)."))
    if not wanted.changes.strip():
        found.append(Fault("changes", "Say what changes in scope or team."))
    return [*found, *_later(wanted, around)]


def _later(wanted: DecisionInput, around: Surroundings) -> list[Fault]:
    usual = around.today + dt.timedelta(days=around.limits.recycle_default_days)
    if wanted.new_date is None:
        return [Fault("new_date", "Set the new date.")]
    if wanted.new_date <= around.today:
        return [Fault("new_date", "The new date lies after today.")]
    if wanted.new_date > usual and not wanted.explanation.strip():
        days = around.limits.recycle_default_days
        return [Fault("explanation", f"More than {days} days is longer than usual; explain why.")]
    return []


def _stop(wanted: DecisionInput, around: Surroundings) -> list[Fault]:
    found = []
    if wanted.stop_reason not in set(StopReason):
        found.append(Fault("stop_reason", "Choose why the program stops."))
    for name, text, ask in (
        ("disposal", wanted.disposal, "Say what becomes of data, model access and accounts (G10)."),
        ("people_told", wanted.people_told, "Say who was told."),
        ("lessons", wanted.lessons, "Keep the lessons."),
    ):
        if not text.strip():
            found.append(Fault(name, ask))
    if wanted.cost_avoided is None or wanted.cost_avoided < 0:
        found.append(Fault("cost_avoided", "Estimate the cost that is avoided; 0 when there is none."))
    return found


_CHECKS: dict[Outcome, Callable[[DecisionInput, Surroundings], list[Fault]]] = {
    Outcome.GO: _go,
    Outcome.CONDITIONAL_GO: _conditional_go,
    Outcome.LAUNCH_WITH_CONDITIONS: _conditions,
    Outcome.HOLD: _hold,
    Outcome.RECYCLE: _recycle,
    Outcome.DO_NOT_LAUNCH: _later,
    Outcome.STOP: _stop,
}
SETTLING = (*UNLOCKING, *LAUNCHING)
"""The words after which criteria and evidence freeze."""
