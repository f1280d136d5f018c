"""Between gates: exception notes (G17), early gates, mini-gates (G21), reopening, the small-team setting (G2)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import many_lines, one_line
from gates import policies
from gates.domain import exceptions
from gates.domain.exceptions import NoteInput
from gates.enums import ExceptionOption
from gates.models import ExceptionNote, MiniGate
from gates.services.base import complete, lock_program, note, today_of
from phases.enums import CriterionState, EventKind, EventState
from phases.models import Criterion, Event, Phase
from phases.services.base import lock, record, save
from phases.services.dates import redate_event
from programs.domain.calendar import day_of
from programs.enums import RISK_LEAD
from programs.models import Program, Role
from programs.selectors import cast_of


@transaction.atomic
def raise_exception(
    *, actor: User, program: Program, wanted: NoteInput, event: Event | None = None, key: str = ""
) -> ExceptionNote:
    """Tell of a breach that is forecast (G17). The same form sent twice is one note. Errors: NotAllowed, Incomplete."""
    program = lock_program(program)
    policies.may_raise_exception(actor, cast_of(program)).require()
    twin = ExceptionNote.objects.filter(key=key, raised_by=actor).first() if key else None
    if twin is not None:
        return twin
    complete(exceptions.faults(wanted))
    day = wanted.forecast_on or today_of(program)
    early = exceptions.is_early(today_of(program), day)
    made = ExceptionNote.objects.create(
        program=program,
        event=event,
        tolerance=one_line(wanted.tolerance)[:200],
        cause=many_lines(wanted.cause),
        effect=many_lines(wanted.effect),
        options=many_lines(wanted.options),
        recommendation=ExceptionOption(wanted.recommendation),
        forecast_on=day,
        raised_by=actor,
        raised_at=clock.now(),
        early=early,
        key=key or None,
    )
    note(actor, Verb.EXCEPTION_RAISED, made, program, early=early, recommendation=wanted.recommendation)
    return made


@transaction.atomic
def answer_exception(*, actor: User, exception: ExceptionNote, text: str) -> ExceptionNote:
    """Answer an exception note: the sponsor. Errors: NotAllowed, Invalid (no words, answered already)."""
    exception = locked(ExceptionNote.objects.select_related("program").filter(pk=exception.pk)).get()
    policies.may_answer_exception(actor, cast_of(exception.program)).require()
    words = many_lines(text)
    if exception.answered_at is not None:
        if exception.answered_by_id == actor.pk and exception.answer == words:
            return exception
        raise Invalid("This note was answered already.")
    if not words:
        raise Invalid("Say what shall be done.", field="text")
    exception.answer, exception.answered_by, exception.answered_at = words, actor, clock.now()
    exception.save(update_fields=["answer", "answered_by", "answered_at"])
    note(actor, Verb.EXCEPTION_ANSWERED, exception, exception.program, reason=words[:500])
    return exception


@transaction.atomic
def call_early_gate(*, actor: User, event: Event, new_date: dt.date, reason: str, version: int | None = None) -> Event:
    """Hold a gate earlier than agreed; logged as good practice (G17). Errors: NotAllowed, Conflict, Invalid."""
    event = lock(event)
    policies.may_replan(actor, event, cast_of(event.program)).require()
    if event.kind != EventKind.GATE:
        raise Invalid("Only a gate is called early.")
    if new_date >= event.due_date:
        raise Invalid("An early gate lies before the agreed date.", field="new_date")
    moved = redate_event(actor=actor, event=event, new_date=new_date, reason=reason, version=version)
    record(actor, Verb.EARLY_GATE_CALLED, moved, after=new_date.isoformat(), reason=one_line(reason)[:500])
    return moved


@transaction.atomic
def call_mini_gate(
    *,
    actor: User,
    program: Program,
    name: str,
    trigger: str,
    on: dt.date,
    criteria: Sequence[Criterion],
    gatekeepers: Sequence[Role] = (),
) -> Event:
    """Call a gate about one change or reassessment, with the same five words and a shortened list (G21).

    The criteria on the list are reopened: they have to be proven anew. Errors: NotAllowed, Invalid.
    """
    program = lock_program(program)
    cast = cast_of(program)
    policies.may_call_mini_gate(actor, cast).require()
    title, cause = one_line(name)[:160], one_line(trigger)[:300]
    if not title or not cause:
        raise Invalid("Name the mini-gate and what calls for it.", field="name" if not title else "trigger")
    if not criteria or any(c.program_id != program.pk for c in criteria):
        raise Invalid("Choose the criteria it looks at.", field="criteria")
    if on < today_of(program):
        raise Invalid("That day has passed; choose today or later.", field="on")
    day = program.calendar.next_working_day(on)
    twin = Event.objects.filter(program=program, kind=EventKind.MINI_GATE, name=title, state=EventState.PENDING).first()
    if twin is not None:
        return twin
    number = Event.objects.filter(program=program, kind=EventKind.MINI_GATE).count() + 1
    phase = Phase.objects.filter(program=program).order_by("position").last()
    if phase is None:
        raise Invalid("A program without phases has no gates.")
    event = Event.objects.create(
        program=program,
        phase=phase,
        slug=f"mini-gate-{number}",
        kind=EventKind.MINI_GATE,
        name=title,
        day=max(day_of(program.start_date, day), 1),
        look_at=cause,
        due_date=day,
        baseline_date=day,
    )
    lead = [cast.by_slug[RISK_LEAD]] if RISK_LEAD in cast.by_slug else []
    event.gatekeepers.set(gatekeepers or lead)
    mini = MiniGate.objects.create(event=event, trigger=cause, called_by=actor, called_at=clock.now())
    mini.criteria.set(criteria)
    for criterion in criteria:
        _reopen(actor, lock(criterion), f"Looked at again by {title}: {cause}")
    note(actor, Verb.MINI_GATE_CALLED, event, program, slug=event.slug, reason=cause)
    return event


@transaction.atomic
def reopen_criterion(*, actor: User, criterion: Criterion, reason: str) -> Criterion:
    """Open a verified criterion again, such as after a failed re-check; its frozen credit ends (readiness formula).

    Errors: NotAllowed, Invalid (no reason, not verified).
    """
    criterion = lock(criterion)
    policies.may_reopen(actor, criterion, cast_of(criterion.program)).require()
    why = one_line(reason)[:500]
    if not why:
        raise Invalid("Say why it is opened again.", field="reason")
    if criterion.state != CriterionState.VERIFIED:
        raise Invalid("Only a verified criterion is reopened.")
    return _reopen(actor, criterion, why)


@transaction.atomic
def set_small_team(*, actor: User, program: Program, small: bool, reason: str) -> Program:
    """Relax or restore who may verify and approve; the pack says "self-verified" (G2). Errors: NotAllowed, Invalid."""
    program = lock_program(program)
    policies.may_set_team(actor, cast_of(program)).require()
    why = one_line(reason)[:500]
    if not why:
        raise Invalid("Say why, since the gate pack shows it.", field="reason")
    if program.small_team == small:
        return program
    program.small_team, program.version = small, program.version + 1
    program.save(update_fields=["small_team", "version"])
    note(actor, Verb.PROGRAM_TEAM_SET, program, program, small=small, reason=why)
    return program


def _reopen(actor: User, criterion: Criterion, why: str) -> Criterion:
    if criterion.state == CriterionState.OPEN:
        return criterion
    criterion.state, criterion.state_reason = CriterionState.OPEN, why
    criterion.verified_at = criterion.verified_by = None
    criterion.handed_in_at = criterion.handed_in_by = None
    save(criterion, "state", "state_reason", "verified_at", "verified_by", "handed_in_at", "handed_in_by")
    record(actor, Verb.CRITERION_REOPENED, criterion, reason=why)
    return criterion
