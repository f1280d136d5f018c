"""Waivers: asked for by one person, answered by another, extended once, over by themselves (G4, G6, G7)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import many_lines
from gates import policies
from gates.domain import waivers as rules
from gates.domain.waivers import WaiverInput
from gates.enums import RequestState
from gates.models import Waiver
from gates.selectors.ledger import limits_of
from gates.services.base import complete, note, same_version, save, today_of
from phases.enums import EventKind
from phases.models import Criterion, Event
from phases.services.base import lock
from programs.selectors import cast_of
from risks.models import Risk


@transaction.atomic
def request_waiver(
    *,
    actor: User,
    criterion: Criterion,
    reason: str,
    control: str,
    control_evidence: str,
    expires_on: dt.date,
    risk: Risk | None = None,
    extension_of: Waiver | None = None,
) -> Waiver:
    """Ask for a waiver, or for the one extension of it as a new request (G7).

    The same person asking again while the first request waits gets that one. Errors: NotAllowed, Incomplete, Invalid
    (cannot be waived, another request waits, one is in force, extended already).
    """
    criterion = lock(criterion)
    policies.may_request(actor, criterion, cast_of(criterion.program)).require()
    waiting = Waiver.objects.filter(criterion=criterion, state=RequestState.REQUESTED).first()
    today, limits = today_of(criterion.program), limits_of(criterion.program)
    if waiting is not None and rules.state_on(RequestState.REQUESTED, waiting.expires_on, today) == waiting.state:
        if waiting.requested_by_id == actor.pk and waiting.extension_of_id == (
            extension_of.pk if extension_of else None
        ):
            return waiting
        raise Invalid("A request for this criterion waits for its answer already.")
    if waiting is not None:
        _expire(waiting)
    wanted = WaiverInput(reason, control, control_evidence, expires_on)
    complete(
        rules.faults(
            wanted,
            today=today,
            next_gate=next_gate(criterion, today),
            non_waivable=criterion.non_waivable,
            limits=limits,
        )
    )
    _fitting(criterion, extension_of, risk, today)
    waiver = Waiver.objects.create(
        program=criterion.program,
        criterion=criterion,
        reason=many_lines(reason),
        control=many_lines(control),
        control_evidence=many_lines(control_evidence),
        risk=risk,
        requested_by=actor,
        requested_at=clock.now(),
        expires_on=expires_on,
        extension_of=extension_of,
    )
    note(actor, Verb.WAIVER_REQUESTED, waiver, criterion.program, slug=criterion.slug, expires=expires_on.isoformat())
    return waiver


@transaction.atomic
def approve_waiver(*, actor: User, waiver: Waiver, words: str = "", version: int | None = None) -> Waiver:
    """Approve: the sponsor for a high linked risk, else the risk lead; never who asked or owns (G2, G7).

    Errors: NotAllowed, Conflict, Invalid (answered already, expired meanwhile).
    """
    waiver = _answerable(actor, waiver)
    if waiver.state == RequestState.APPROVED and waiver.answered_by_id == actor.pk:
        return waiver
    same_version(waiver, version)
    _still_asked(waiver)
    today, limits = today_of(waiver.program), limits_of(waiver.program)
    latest = rules.latest_expiry(today, next_gate(waiver.criterion, today), limits)
    if not today < waiver.expires_on <= latest:
        raise Invalid(f"It would hold until {waiver.expires_on:%a %d %b}; {latest:%a %d %b} is the latest now (G7).")
    return _answer(actor, waiver, RequestState.APPROVED, Verb.WAIVER_APPROVED, words)


@transaction.atomic
def refuse_waiver(*, actor: User, waiver: Waiver, words: str, version: int | None = None) -> Waiver:
    """Refuse with a reason. Errors: NotAllowed, Conflict, Invalid (no reason, answered already)."""
    waiver = _answerable(actor, waiver)
    if waiver.state == RequestState.REFUSED and waiver.answered_by_id == actor.pk:
        return waiver
    same_version(waiver, version)
    _still_asked(waiver)
    if not words.strip():
        raise Invalid("Say why, so that the owner can act on it.", field="words")
    return _answer(actor, waiver, RequestState.REFUSED, Verb.WAIVER_REFUSED, words)


@transaction.atomic
def withdraw_waiver(*, actor: User, waiver: Waiver, version: int | None = None) -> Waiver:
    """Take a request or a waiver in force back, such as when the proof came after all. Errors: NotAllowed, Invalid."""
    waiver = _fresh(waiver)
    policies.may_withdraw(actor, waiver.requested_by_id, cast_of(waiver.program)).require()
    if waiver.state == RequestState.WITHDRAWN:
        return waiver
    same_version(waiver, version)
    if waiver.state not in (RequestState.REQUESTED, RequestState.APPROVED):
        raise Invalid(f"This waiver is {waiver.state} already.")
    waiver.state = RequestState.WITHDRAWN
    save(waiver, "state")
    note(actor, Verb.WAIVER_WITHDRAWN, waiver, waiver.program, slug=waiver.criterion.slug)
    return waiver


def next_gate(criterion: Criterion, today: dt.date) -> dt.date | None:
    """The date a waiver of this criterion may not go beyond: the next gate after its own that lies ahead (G7)."""
    following = Event.objects.filter(
        program_id=criterion.program_id, kind=EventKind.GATE, day__gt=criterion.event.day, due_date__gt=today
    )
    dates: list[dt.date] = list(following.order_by("due_date").values_list("due_date", flat=True)[:1])
    return dates[0] if dates else None


def expire(program_id: int, today: dt.date) -> int:
    """Mark what is over, with an entry each; pages do not wait for it. Returns how many."""
    states = [RequestState.REQUESTED, RequestState.APPROVED]
    rows = Waiver.objects.filter(program_id=program_id, state__in=states, expires_on__lt=today)
    over = list(locked(rows.select_related("program", "criterion")))
    for waiver in over:
        _expire(waiver)
    return len(over)


def _expire(waiver: Waiver) -> None:
    waiver.state = RequestState.EXPIRED
    save(waiver, "state")
    note(None, Verb.WAIVER_EXPIRED, waiver, waiver.program, slug=waiver.criterion.slug)


def _fitting(criterion: Criterion, extension_of: Waiver | None, risk: Risk | None, today: dt.date) -> None:
    if risk is not None and risk.program_id != criterion.program_id:
        raise Invalid("That risk belongs to another program.", field="risk")
    if not criterion.applicable:
        raise Invalid("This criterion does not apply; it needs no waiver.")
    rows = list(Waiver.objects.filter(criterion=criterion))
    if extension_of is None:
        approved = [w for w in rows if w.answered_by_id and w.state in (RequestState.APPROVED, RequestState.EXPIRED)]
        if approved:
            raise Invalid("This criterion was waived before; only the one extension is possible (G7).")
        return
    if extension_of.criterion_id != criterion.pk:
        raise Invalid("That waiver is about another criterion.")
    states = [rules.state_on(RequestState(w.state), w.expires_on, today) for w in _chain(extension_of, rows)]
    why = rules.may_extend(states, limits_of(criterion.program))
    if why:
        raise Invalid(why)
    if RequestState(extension_of.state) not in (RequestState.APPROVED, RequestState.EXPIRED):
        raise Invalid("Only an approved waiver is extended.")
    if Waiver.objects.filter(extension_of=extension_of).exists():
        raise Invalid("An extension of this waiver was asked for already (G7).")


def _chain(waiver: Waiver, rows: list[Waiver]) -> list[Waiver]:
    """A waiver and the ones it extends, newest first."""
    by_id = {row.pk: row for row in rows}
    found, at = [], by_id.get(waiver.pk)
    while at is not None:
        found.append(at)
        at = by_id.get(at.extension_of_id) if at.extension_of_id else None
    return found


def _fresh(waiver: Waiver) -> Waiver:
    rows = Waiver.objects.select_related("program", "criterion", "criterion__event", "criterion__assignee", "risk")
    return locked(rows.filter(pk=waiver.pk)).get()


def _answerable(actor: User, waiver: Waiver) -> Waiver:
    waiver = _fresh(waiver)
    waiver.criterion.program = waiver.program
    cast = cast_of(waiver.program)
    policies.may_answer_waiver(actor, waiver, cast, limits_of(waiver.program)).require()
    return waiver


def _still_asked(waiver: Waiver) -> None:
    if waiver.state != RequestState.REQUESTED:
        raise Invalid(f"This request is {waiver.state} already.")


def _answer(actor: User, waiver: Waiver, state: RequestState, verb: Verb, words: str) -> Waiver:
    waiver.state, waiver.answered_by, waiver.answered_at = state, actor, clock.now()
    waiver.answer, waiver.self_approved = many_lines(words)[:1000], actor.pk == waiver.requested_by_id
    save(waiver, "state", "answered_by", "answered_at", "answer", "self_approved")
    note(actor, verb, waiver, waiver.program, slug=waiver.criterion.slug, reason=waiver.answer)
    return waiver
