"""Not applicable (G13) and tailoring (G14): adding is free, weakening needs another person's yes."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import many_lines
from gates import policies
from gates.domain.tailoring import weakens
from gates.enums import RequestState, TailoringKind
from gates.models import ApplicabilityRequest, TailoringChange
from gates.services.base import lock_program, note, same_version, save
from phases.enums import LAUNCHING, UNLOCKING, EventState, Level
from phases.models import Criterion, Event
from phases.services.base import lock
from phases.services.base import save as save_item
from programs.domain.calendar import day_of
from programs.models import Program, Role
from programs.selectors import cast_of

REASON = "Say why, so that who has to approve it can judge."


@transaction.atomic
def request_not_applicable(*, actor: User, criterion: Criterion, reason: str) -> ApplicabilityRequest:
    """Ask to leave a criterion out (G13); asking again while it waits is once. Errors: NotAllowed, Invalid."""
    criterion = lock(criterion)
    policies.may_request(actor, criterion, cast_of(criterion.program)).require()
    _not_frozen(criterion)
    why = _reason(reason)
    if not criterion.applicable:
        raise Invalid("This criterion does not apply already.")
    waiting = ApplicabilityRequest.objects.filter(criterion=criterion, state=RequestState.REQUESTED).first()
    if waiting is not None:
        return waiting
    made = ApplicabilityRequest.objects.create(
        program=criterion.program, criterion=criterion, reason=why, requested_by=actor, requested_at=clock.now()
    )
    note(actor, Verb.APPLICABILITY_REQUESTED, made, criterion.program, slug=criterion.slug, reason=why)
    return made


@transaction.atomic
def answer_not_applicable(
    *, actor: User, request: ApplicabilityRequest, approve: bool, words: str = "", version: int | None = None
) -> ApplicabilityRequest:
    """Approve or refuse: the risk and governance lead, never who asked (G2, G13).

    Approved, the criterion leaves the denominator, stays visible and keeps the reason.
    Errors: NotAllowed, Conflict, Invalid.
    """
    rows = ApplicabilityRequest.objects.select_related("program", "criterion__assignee", "criterion__event")
    request = locked(rows.filter(pk=request.pk)).get()
    criterion = lock(request.criterion)
    cast = cast_of(request.program)
    policies.may_answer_request(actor, request.requested_by_id, criterion, cast).require()
    if _answered(request, actor, approve, version):
        return request
    _words(approve, words)
    if approve:
        _not_frozen(criterion)
        criterion.applicable, criterion.not_applicable_reason = False, request.reason[:300]
        save_item(criterion, "applicable", "not_applicable_reason")
    _answer(request, actor, approve, words)
    note(
        actor,
        Verb.APPLICABILITY_ANSWERED,
        request,
        request.program,
        slug=criterion.slug,
        approved=approve,
        reason=request.answer,
    )
    return request


@transaction.atomic
def add_criterion(
    *,
    actor: User,
    event: Event,
    text: str,
    dimension_slug: str,
    level: Level,
    owner_role: Role,
    verifier_role: Role,
    due_date: dt.date,
    evidence_type: str,
    max_age_days: int,
    reason: str,
) -> Criterion:
    """Add a criterion of the program's own; free, but on record (G14). Errors: NotAllowed, Invalid."""
    event = lock(event)
    policies.may_tailor(actor, cast_of(event.program)).require()
    why, words = _reason(reason), many_lines(text)
    if not words:
        raise Invalid("Say what must be true.", field="text")
    if event.state == EventState.DECIDED:
        raise Invalid("This gate is decided; add the criterion to a later one.", field="event")
    if owner_role.pk == verifier_role.pk:
        raise Invalid("Its owner cannot verify it (G2).", field="verifier_role")
    if due_date > event.due_date:
        raise Invalid("It is due by the gate at the latest.", field="due_date")
    program = event.program
    named = Criterion.objects.filter(program=program, dimension_slug=dimension_slug).first()
    if named is None:
        raise Invalid("Choose one of the program's dimensions.", field="dimension_slug")
    twin = Criterion.objects.filter(program=program, event=event, text=words).first()
    if twin is not None:
        return twin
    number = Criterion.objects.filter(program=program, slug__startswith="own-").count() + 1
    day = program.calendar.next_working_day(due_date)
    made = Criterion.objects.create(
        program=program,
        event=event,
        slug=f"own-{number}",
        position=1000 + number,
        text=words,
        dimension_slug=dimension_slug,
        dimension_name=named.dimension_name,
        level=level,
        level_code="M" if level is Level.MUST else "S",
        owner_role=owner_role,
        verifier_role=verifier_role,
        due_day=day_of(program.start_date, day),
        due_date=day,
        baseline_date=day,
        evidence_type=evidence_type,
        max_age_days=max_age_days,
    )
    change = _change(actor, program, TailoringKind.ADD, why, {}, {"text": words, "level": level.value}, criterion=made)
    _settle(change)
    return made


@transaction.atomic
def propose_weakening(*, actor: User, criterion: Criterion, kind: TailoringKind, reason: str) -> TailoringChange:
    """Ask to make a must-meet a should-meet, or to remove a criterion; nothing changes before approval (G14).

    Errors: NotAllowed, Invalid (no reason, cannot be weakened, decided already).
    """
    criterion = lock(criterion)
    policies.may_tailor(actor, cast_of(criterion.program)).require()
    why = _reason(reason)
    _not_frozen(criterion)
    if kind not in (TailoringKind.LOWER, TailoringKind.REMOVE):
        raise Invalid("This is about lowering or removing a criterion.", field="kind")
    if criterion.non_waivable:
        raise Invalid("This criterion cannot be waived, and so not be weakened either (G6).")
    if kind is TailoringKind.LOWER and criterion.level == Level.SHOULD:
        raise Invalid("It is a should-meet already.")
    waiting = TailoringChange.objects.filter(criterion=criterion, kind=kind, state=RequestState.REQUESTED).first()
    if waiting is not None:
        return waiting
    before = {"level": criterion.level, "applicable": criterion.applicable}
    after = {"level": Level.SHOULD.value} if kind is TailoringKind.LOWER else {"applicable": False}
    return _change(actor, criterion.program, kind, why, before, after, criterion=criterion)


@transaction.atomic
def propose_limit(*, actor: User, program: Program, limit: str, value: int | float, reason: str) -> TailoringChange:
    """Change one of the program's numbers: lowering takes effect at once, raising after approval (G14).

    Errors: NotAllowed, Invalid (no such limit, no number, the same value, no reason).
    """
    program = lock_program(program)
    policies.may_tailor(actor, cast_of(program)).require()
    why = _reason(reason)
    if limit not in program.limits:
        raise Invalid("This program has no such limit.", field="limit")
    if value < 0 or value == program.limits[limit]:
        raise Invalid("Give another number, not below zero.", field="value")
    waiting = TailoringChange.objects.filter(program=program, limit=limit, state=RequestState.REQUESTED).first()
    if waiting is not None:
        raise Invalid("A change of this limit waits for its answer already.")
    before, after = {"value": program.limits[limit]}, {"value": value}
    change = _change(actor, program, TailoringKind.RAISE_LIMIT, why, before, after, limit=limit)
    if not weakens(TailoringKind.RAISE_LIMIT, before, after):
        _set_limit(program, limit, value)
        _settle(change)
    return change


@transaction.atomic
def answer_tailoring(
    *, actor: User, change: TailoringChange, approve: bool, words: str = "", version: int | None = None
) -> TailoringChange:
    """Approve or refuse a weakening: the risk and governance lead, never who asked (G2, G14).

    Errors: NotAllowed, Conflict, Invalid (answered already, no words for a refusal).
    """
    rows = TailoringChange.objects.select_related("program", "criterion__assignee", "criterion__event")
    change = locked(rows.filter(pk=change.pk)).get()
    criterion = lock(change.criterion) if change.criterion else None
    policies.may_answer_request(actor, change.requested_by_id, criterion, cast_of(change.program)).require()
    if _answered(change, actor, approve, version):
        return change
    _words(approve, words)
    if approve:
        _carry_out(change, criterion)
    _answer(change, actor, approve, words)
    note(actor, Verb.TAILORING_ANSWERED, change, change.program, approved=approve, reason=change.answer)
    return change


def _carry_out(change: TailoringChange, criterion: Criterion | None) -> None:
    if criterion is None:
        _set_limit(lock_program(change.program), change.limit, change.after["value"])
        return
    _not_frozen(criterion)
    if change.kind == TailoringKind.LOWER:
        criterion.level = Level.SHOULD
        save_item(criterion, "level")
    else:
        criterion.applicable, criterion.not_applicable_reason = False, f"Removed: {change.reason}"[:300]
        save_item(criterion, "applicable", "not_applicable_reason")


def _set_limit(program: Program, limit: str, value: Any) -> None:
    program.limits = {**program.limits, limit: value}
    program.version += 1
    program.save(update_fields=["limits", "version"])


def _change(
    actor: User,
    program: Program,
    kind: TailoringKind,
    reason: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    criterion: Criterion | None = None,
    limit: str = "",
) -> TailoringChange:
    made = TailoringChange.objects.create(
        program=program,
        criterion=criterion,
        kind=kind,
        limit=limit,
        before=before,
        after=after,
        reason=reason,
        requested_by=actor,
        requested_at=clock.now(),
    )
    note(actor, Verb.TAILORING_REQUESTED, made, program, kind=kind.value, before=before, after=after, reason=reason)
    return made


def _settle(change: TailoringChange) -> None:
    """What needs nobody's yes counts at once; no approver is named."""
    change.state = RequestState.APPROVED
    save(change, "state")


def _answered(request: ApplicabilityRequest | TailoringChange, actor: User, approve: bool, version: int | None) -> bool:
    """Whether this very answer is on record already. Errors: Conflict, Invalid when another one is."""
    state = RequestState.APPROVED if approve else RequestState.REFUSED
    if request.state == state and request.answered_by_id == actor.pk:
        return True
    same_version(request, version)
    if request.state != RequestState.REQUESTED:
        raise Conflict("This request is answered already.", current=request.get_state_display())
    return False


def _answer(request: ApplicabilityRequest | TailoringChange, actor: User, approve: bool, words: str) -> None:
    request.state = RequestState.APPROVED if approve else RequestState.REFUSED
    request.answered_by, request.answered_at, request.answer = actor, clock.now(), many_lines(words)[:1000]
    save(request, "state", "answered_by", "answered_at", "answer")


def _words(approve: bool, words: str) -> None:
    if not approve and not words.strip():
        raise Invalid("Say why, so that who asked can act on it.", field="words")


def _reason(reason: str) -> str:
    cleaned = many_lines(reason)
    if not cleaned:
        raise Invalid(REASON, field="reason")
    return cleaned


def _not_frozen(criterion: Criterion) -> None:
    if criterion.event.outcome in (*UNLOCKING, *LAUNCHING):
        raise Invalid(f"{criterion.event.name} was decided; its criteria are frozen.")
