"""G5 and G15: what a condition has to say, when it is overdue, when the decision lapses. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gates.domain.limits import Limits
from gates.domain.waivers import Fault
from gates.enums import ConditionState


@dataclass(frozen=True)
class ConditionInput:
    """What a condition says; owner and verifier are slugs of roles, `criterion` a slug or empty."""

    text: str
    owner_role: str
    due_date: dt.date | None
    exit_test: str
    consequence: str
    verifier_role: str = ""
    criterion: str = ""
    owner: int | None = None


class Standing(StrEnum):
    """Where a condition stands as of a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    LAPSED = "lapsed"
    CLOSED = "closed"


def default_due(today: dt.date, next_gate: dt.date | None, limits: Limits) -> dt.date:
    """The date a new condition starts with; never on or after the next gate."""
    due = today + dt.timedelta(days=limits.condition_default_days)
    return min(due, next_gate - dt.timedelta(days=1)) if next_gate is not None else due


def latest_due(today: dt.date, next_gate: dt.date | None, limits: Limits) -> dt.date:
    """The last date a condition may have: the playbook's days, and before the next gate."""
    due = today + dt.timedelta(days=limits.condition_max_days)
    return min(due, next_gate - dt.timedelta(days=1)) if next_gate is not None else due


def faults(
    conditions: Iterable[ConditionInput],
    *,
    today: dt.date,
    next_gate: dt.date | None,
    non_waivable: frozenset[str],
    limits: Limits,
) -> list[Fault]:
    """Return what is missing from the conditions of a Conditional Go; at least one is needed."""
    found = []
    rows = list(conditions)
    if not rows:
        found.append(Fault("conditions", "Name at least one condition; without any it is a plain Go (G5)."))
    for number, row in enumerate(rows, 1):
        found += _faults(row, f"conditions-{number - 1}-", number, today, next_gate, non_waivable, limits)
    return found


def _faults(
    row: ConditionInput,
    prefix: str,
    number: int,
    today: dt.date,
    next_gate: dt.date | None,
    non_waivable: frozenset[str],
    limits: Limits,
) -> list[Fault]:
    found = [
        Fault(prefix + name, f"Condition {number}: {ask}")
        for name, text, ask in (
            ("text", row.text, "say what has to be done."),
            ("owner_role", row.owner_role, "name an owner."),
            ("exit_test", row.exit_test, "say how it is tested."),
            ("consequence", row.consequence, "say what happens if it is missed."),
        )
        if not text.strip()
    ]
    latest = latest_due(today, next_gate, limits)
    if row.due_date is None:
        found.append(Fault(prefix + "due_date", f"Condition {number}: set a date."))
    elif not today < row.due_date <= latest:
        span = f"after today and until {latest:%a %d %b %Y}"
        found.append(Fault(prefix + "due_date", f"Condition {number}: the date lies {span} (G5)."))
    if row.criterion in non_waivable:
        found.append(Fault(prefix + "criterion", f"Condition {number}: may not replace {row.criterion} (G6)."))
    return found


def standing(state: ConditionState, due: dt.date, today: dt.date, limits: Limits) -> Standing:
    """Say where a condition stands: red from the first day it is late, lapsed after the playbook's days (G15)."""
    if state is ConditionState.CLOSED:
        return Standing.CLOSED
    late = (today - due).days
    if late >= limits.condition_lapse_days:
        return Standing.LAPSED
    return Standing.OVERDUE if late >= limits.condition_red_days else Standing.OPEN
