"""The people of the steady scenario: they finish on the due day at noon and decide at three, through the services.

Whatever the rules refuse stays undone and is told: a rehearsal must not be kinder than the application.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from core import clock
from core.errors import ServiceError
from phases import services as phases
from phases.enums import EvidenceKind, Outcome
from phases.models import Criterion, Event, Task
from phases.selectors import find_criterion, find_event, find_task, responsible_for, verifiers_for
from phases.services.events import unmet_musts
from programs.domain.localtime import local_instant
from programs.models import Program
from programs.selectors import cast_of
from registers.selectors import missing_decision_kinds
from registers.services import log_decision
from registers.services.decisions import Choice

NOON, AFTERNOON = 12, 15


@dataclass(frozen=True, order=True)
class Act:
    """Something a person does at an instant; `slug` names what it is done to."""

    at: datetime
    kind: str
    slug: str


def acts_of(program: Program) -> list[Act]:
    """Everything that is done, in order: items at noon of their due day, events at three, program time."""

    def at(on: date, hour: int) -> datetime:
        return local_instant(on, hour, program.time_zone)

    found = [Act(at(c.due_date, NOON), "criterion", c.slug) for c in _criteria(program)]
    found += [Act(at(t.due_date, NOON), "task", t.slug) for t in Task.objects.filter(program=program)]
    found += [Act(at(e.due_date, AFTERNOON), "event", e.slug) for e in Event.objects.filter(program=program)]
    return sorted(found)


def _criteria(program: Program) -> list[Criterion]:
    return list(Criterion.objects.filter(program=program, applicable=True))


def perform(program: Program, act: Act) -> str:
    """Do one act. Returns why it was refused, empty when done."""
    try:
        _PERFORM[act.kind](program, act.slug)
    except ServiceError as error:
        return f"{act.slug}: {error}"
    return ""


def _prove(program: Program, slug: str) -> None:
    criterion, cast = find_criterion(program, slug), cast_of(program)
    owner = _person(responsible_for(criterion, cast).addressee)
    phases.add_evidence(
        actor=owner,
        criterion=criterion,
        kind=EvidenceKind.NOTE,
        title="Rehearsed proof",
        note="Rehearsed proof",
        effective_date=clock.today(program.time_zone),
    )
    _put_on_record(program, slug, owner)
    phases.hand_in(actor=owner, criterion=find_criterion(program, slug))
    criterion = find_criterion(program, slug)
    for verifier in verifiers_for(criterion, cast)[:1]:
        phases.verify(actor=_person(verifier), criterion=criterion)


def _put_on_record(program: Program, slug: str, owner: User) -> None:
    """Log the kinds of decision this criterion needs before it can be handed in (S48)."""
    for kind in missing_decision_kinds(program, slug):
        choice = Choice(
            title=f"Rehearsed decision on {kind.value}",
            kind=kind,
            options=["As rehearsed", "Otherwise"],
            chosen="As rehearsed",
            reason="Rehearsed",
            time="Rehearsed",
            at_12_months="Rehearsed",
        )
        log_decision(
            actor=owner,
            program=program,
            choice=choice,
            decided_by=owner,
            decided_on=clock.today(program.time_zone),
        )


def _finish(program: Program, slug: str) -> None:
    task = find_task(program, slug)
    phases.complete_task(actor=_person(responsible_for(task, cast_of(program)).addressee), task=task)


def _decide(program: Program, slug: str) -> None:
    """Record the outcome; before a gate, proof that has grown older than it may be is given anew."""
    event, cast = find_event(program, slug), cast_of(program)
    for criterion in unmet_musts(event) if event.is_gate else ():
        _prove(program, criterion.slug)
    actor, outcome = (cast.sponsor, Outcome.GO) if event.is_gate else (cast.manager, Outcome.ON_TRACK)
    if actor is None:
        raise ServiceError("nobody holds the role that decides")
    phases.record_outcome(actor=actor, event=event, outcome=outcome, reason="Rehearsed")


def _person(user_id: int | None) -> User:
    if user_id is None:
        raise ServiceError("nobody answers for it")
    return User.objects.get(pk=user_id)


_PERFORM: dict[str, Callable[[Program, str], None]] = {"criterion": _prove, "task": _finish, "event": _decide}
