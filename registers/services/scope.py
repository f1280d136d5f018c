"""Writes scope changes: somebody asks, the sponsor answers, the outcome statement follows (S16)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from programs.models import OutcomeStatement, Program
from programs.selectors import cast_of
from registers import policies
from registers.enums import ScopeState
from registers.models import ScopeChange
from registers.selectors.scope import current_outcome
from registers.services.base import change, head, hold, lock, needed, record, repeated, sent_before, title

MOST_DAYS = 1000
MOST_COST = Decimal(10) ** 11
MOST_TARGET = Decimal(10) ** 13


@dataclass(frozen=True)
class ScopeEffect:
    """What a change does: to the outcome in words, to the date in calendar days, to the cost in the program's currency.

    A new target or target date, if given, becomes a new version of the outcome statement when it is approved.
    """

    outcome: str
    days: int = 0
    cost: Decimal = Decimal(0)
    new_target: Decimal | None = None
    new_target_date: dt.date | None = None


@transaction.atomic
def request_scope(
    *, actor: User, program: Program, what: str, why: str, effect: ScopeEffect, key: str = ""
) -> ScopeChange:
    """Ask for a change of scope; the sponsor answers. `key` makes a form sent twice one row (P16).

    Errors: NotAllowed, Invalid (a text missing, figures out of bounds, a new target without an outcome statement).
    """
    policies.may_log(actor, cast_of(program)).require()
    twin = sent_before(ScopeChange, actor, hold(program), key)
    if twin is not None:
        return twin
    outcome = current_outcome(program)
    _bounds(effect, has_outcome=outcome is not None)
    row = ScopeChange.objects.create(
        **head(ScopeChange, actor, program, key),
        title=title(what, "Say in one line what changes."),
        reason=needed(why, "reason", "Say why it has to change."),
        effect_outcome=needed(effect.outcome, "effect_outcome", "Say what it does to the outcome, if only: nothing."),
        effect_days=effect.days,
        effect_cost=effect.cost,
        new_target=effect.new_target,
        new_target_date=effect.new_target_date,
        outcome_before=outcome,
    )
    record(
        actor, Verb.SCOPE_REQUESTED, row, program, reason=row.reason, days=row.effect_days, cost=str(row.effect_cost)
    )
    return row


@transaction.atomic
def approve_scope(*, actor: User, change: ScopeChange, reason: str, version: int | None = None) -> ScopeChange:
    """Approve a change; a new target becomes the next version of the outcome statement, linked to the change.

    Errors: NotAllowed (never by who asked, G2), Conflict (somebody answered first), Invalid (no reason).
    """
    return _answer(actor, change, ScopeState.APPROVED, reason, version)


@transaction.atomic
def refuse_scope(*, actor: User, change: ScopeChange, reason: str, version: int | None = None) -> ScopeChange:
    """Refuse a change; it stays on record. Errors: NotAllowed (never by who asked, G2), Conflict, Invalid."""
    return _answer(actor, change, ScopeState.REFUSED, reason, version)


@transaction.atomic
def withdraw_scope(*, actor: User, change: ScopeChange, reason: str, version: int | None = None) -> ScopeChange:
    """Take an unanswered request back. Errors: NotAllowed (only who asked), Conflict, Invalid."""
    return _answer(actor, change, ScopeState.WITHDRAWN, reason, version)


VERBS = {
    ScopeState.APPROVED: Verb.SCOPE_APPROVED,
    ScopeState.REFUSED: Verb.SCOPE_REFUSED,
    ScopeState.WITHDRAWN: Verb.SCOPE_WITHDRAWN,
}


def _answer(actor: User, asked: ScopeChange, state: ScopeState, reason: str, version: int | None) -> ScopeChange:
    program = hold(asked.program)
    row = lock(asked)
    may = policies.may_withdraw_scope if state is ScopeState.WITHDRAWN else policies.may_decide_scope
    may(actor, row, cast_of(program)).require()
    why = needed(reason, "reason", "Say why, in a sentence others can read.")
    mine = row.state == state and row.decided_by_id == actor.pk
    if repeated(row, version, done=mine, current=_now(row)):
        return row
    if not row.is_pending:
        raise Invalid(f"This is {row.get_state_display().lower()} already.")
    after = _next_outcome(row) if state is ScopeState.APPROVED else None
    change(
        row,
        {
            "state": state.value,
            "decided_by": actor,
            "decided_at": clock.now(),
            "decision_reason": why,
            "outcome_after": after,
        },
    )
    record(actor, VERBS[state], row, program, reason=why, outcome_version=after.number if after else None)
    return row


def _next_outcome(row: ScopeChange) -> OutcomeStatement | None:
    """Return the new version of the outcome statement that a change makes, None when it leaves the outcome alone."""
    if row.new_target is None and row.new_target_date is None:
        return None
    now = current_outcome(row.program)
    if now is None:
        return None
    return OutcomeStatement.objects.create(
        program=row.program,
        number=now.number + 1,
        problem=now.problem,
        affected=now.affected,
        measure=now.measure,
        unit=now.unit,
        baseline=now.baseline,
        target=now.target if row.new_target is None else row.new_target,
        target_date=row.new_target_date or now.target_date,
        guardrail=now.guardrail,
    )


def _bounds(effect: ScopeEffect, *, has_outcome: bool) -> None:
    if abs(effect.days) > MOST_DAYS:
        raise Invalid(f"Give at most {MOST_DAYS:,} days, later or earlier.", field="effect_days")
    if abs(effect.cost) > MOST_COST:
        raise Invalid("That is more than this program can count.", field="effect_cost")
    if effect.new_target is not None and abs(effect.new_target) > MOST_TARGET:
        raise Invalid("That is more than the outcome statement can count.", field="new_target")
    if not has_outcome and (effect.new_target is not None or effect.new_target_date is not None):
        raise Invalid("There is no outcome statement yet that could change.", field="new_target")


def _now(row: ScopeChange) -> str:
    by = f" by {row.decided_by}: {row.decision_reason}" if row.decided_by_id else ""
    return f"{row.get_state_display()}{by}"
