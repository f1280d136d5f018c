"""Conditions after the gate: proven by their owner, closed by somebody else, lapsing when they are missed (G15)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import many_lines, one_line
from gates import policies
from gates.domain.conditions import Standing
from gates.domain.contents import SETTLING
from gates.enums import ConditionState, SnapshotKind
from gates.models import Condition, Decision
from gates.selectors.ledger import Ledger, load_ledger
from gates.services import ending, snapshots
from gates.services.applying import settle_event
from gates.services.base import lock_program, note, same_version, save
from phases.enums import EventKind, Outcome
from phases.models import Event
from phases.services.base import lock
from programs.enums import ProgramState
from programs.models import Program
from programs.selectors import cast_of

EVIDENCE_LIMIT = 5000


@transaction.atomic
def prove_condition(
    *, actor: User, condition: Condition, text: str, url: str = "", version: int | None = None
) -> Condition:
    """Give the evidence for a condition and ask its verifier to look. Errors: NotAllowed, Conflict, Invalid."""
    condition = _fresh(condition)
    policies.may_prove_condition(actor, condition, cast_of(condition.program)).require()
    words, address = many_lines(text)[:EVIDENCE_LIMIT], one_line(url)[:2000]
    if condition.state == ConditionState.EVIDENCE and (condition.evidence_note, condition.evidence_url) == (
        words,
        address,
    ):
        return condition
    same_version(condition, version)
    if condition.state == ConditionState.CLOSED:
        raise Invalid("This condition is closed already.")
    if address and not address.startswith(("https://", "http://")):
        raise Invalid("A link starts with https:// or http://.", field="url")
    if not words and not address:
        raise Invalid("Show that the exit test is met: a note or a link.", field="text")
    condition.state, condition.state_reason = ConditionState.EVIDENCE, ""
    condition.evidence_note, condition.evidence_url = words, address
    condition.evidence_by, condition.evidence_at = actor, clock.now()
    save(condition, "state", "state_reason", "evidence_note", "evidence_url", "evidence_by", "evidence_at")
    note(actor, Verb.CONDITION_EVIDENCE, condition, condition.program)
    return condition


@transaction.atomic
def send_condition_back(*, actor: User, condition: Condition, reason: str, version: int | None = None) -> Condition:
    """Return the evidence with a reason. Errors: NotAllowed, Conflict, Invalid (nothing waits, no reason)."""
    condition = _fresh(condition)
    policies.may_close_condition(actor, condition, cast_of(condition.program)).require()
    same_version(condition, version)
    why = one_line(reason)[:500]
    if not why:
        raise Invalid("Say what is missing.", field="reason")
    if condition.state != ConditionState.EVIDENCE:
        raise Invalid("Nothing waits for its verifier here.")
    condition.state, condition.state_reason = ConditionState.OPEN, why
    save(condition, "state", "state_reason")
    note(actor, Verb.CONDITION_SENT_BACK, condition, condition.program, reason=why)
    return condition


@transaction.atomic
def close_condition(*, actor: User, condition: Condition, version: int | None = None) -> Condition:
    """Close a condition whose evidence holds; never its owner (G2, G15). Closing twice is once.

    The last one of the last gate hands the program over to running. Errors: NotAllowed, Conflict, Invalid.
    """
    condition = _fresh(condition)
    policies.may_close_condition(actor, condition, cast_of(condition.program)).require()
    if condition.state == ConditionState.CLOSED and condition.closed_by_id == actor.pk:
        return condition
    same_version(condition, version)
    if condition.state != ConditionState.EVIDENCE:
        raise Invalid("A condition is closed with evidence; its owner has not given any.")
    condition.state, condition.closed_by, condition.closed_at = ConditionState.CLOSED, actor, clock.now()
    save(condition, "state", "closed_by", "closed_at")
    note(actor, Verb.CONDITION_CLOSED, condition, condition.program)
    _hand_over(actor, condition)
    return condition


def lapse(program: Program, today: dt.date) -> int:
    """Let decisions with a condition that is overdue too long lapse to Hold, as new decisions (G15).

    Returns how many. Side effects: the gate is pending again, the sponsor is asked. Pages do not wait for it.
    """
    ledger = load_ledger(program, today)
    missed: dict[int, Condition] = {}
    for condition, standing in ledger.standings():
        if standing is Standing.LAPSED:
            missed.setdefault(condition.decision_id, condition)
    due = [d for d in ledger.standing_decisions() if d.pk in missed and Outcome(d.word) in SETTLING]
    for decision in due:
        _lapse(decision, missed[decision.pk], ledger)
    return len(due)


def _lapse(decision: Decision, condition: Condition, ledger: Ledger) -> None:
    event = lock(Event.objects.get(pk=decision.event_id))
    if Decision.objects.filter(supersedes=decision).exists():
        return
    days = (ledger.today - condition.due_date).days
    reason = f"The condition “{condition.text}” is overdue by {days} days, so the decision lapses to Hold (G15)."
    wait = ledger.limits.hold_decide_working_days
    review = ledger.program.calendar.add_working_days(ledger.today, wait)
    word = Outcome.HOLD if decision.word == Outcome.CONDITIONAL_GO else Outcome.DO_NOT_LAUNCH
    made = Decision.objects.create(
        program_id=decision.program_id,
        event=event,
        review_id=decision.review_id,
        number=decision.number,
        word=word,
        reason=reason,
        proofs=decision.proofs,
        waiting_for=condition.text,
        review_date=review,
        lapsed=True,
        supersedes=decision,
        decided_at=clock.now(),
    )
    settle_event(None, event, made)
    note(None, Verb.DECISION_LAPSED, event, event.program, slug=event.slug, decision=made.pk, reason=reason)
    snapshots.take(event=event, kind=SnapshotKind.DECISION, actor=None, decision=made)


def _hand_over(actor: User, condition: Condition) -> None:
    decision = condition.decision
    event = Event.objects.get(pk=decision.event_id)
    later = Event.objects.filter(program_id=event.program_id, kind=EventKind.GATE, day__gt=event.day)
    if event.kind != EventKind.GATE or later.exists() or event.outcome != Outcome.CONDITIONAL_GO:
        return
    if decision.conditions.exclude(state=ConditionState.CLOSED).exists():
        return
    program = lock_program(condition.program)
    if program.state == ProgramState.ACTIVE:
        ending.run(actor, program, "Every condition of the last gate is closed.")


def _fresh(condition: Condition) -> Condition:
    rows = Condition.objects.select_related("program", "owner", "decision")
    return locked(rows.filter(pk=condition.pk)).get()
