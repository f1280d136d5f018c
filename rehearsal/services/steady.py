"""The people of the steady scenario: they finish on the due day at noon and decide at three, through the services.

Whatever the rules refuse stays undone and is told: a rehearsal must not be kinder than the application.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import User
from core import clock
from core.errors import ServiceError
from phases import services as phases
from phases.enums import EvidenceKind
from phases.models import Criterion, Event, Task
from phases.selectors import find_criterion, find_task, responsible_for, verifiers_for
from playbooks.services import chartering, gatekeeping
from programs.domain.calendar import date_of_day
from programs.domain.localtime import local_instant
from programs.models import Program
from programs.selectors import cast_of

NOON, AFTERNOON = 12, 15
RISKS_DAY = 20
"""The program day on which the team agrees dates for its risks, ahead of the first gate (G23)."""


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
    dated = program.calendar.next_working_day(date_of_day(program.start_date, RISKS_DAY))
    found += [Act(at(day, NOON), "reviews", f"{day}") for day in _review_days(program)]
    return sorted([*found, Act(at(dated, NOON), "risks", "risks")])


def _review_days(program: Program) -> list[date]:
    """Every seventh day, on a working day: when the team looks at the risks whose review is due (S57)."""
    weeks = range(7, (program.end_date - program.start_date).days + 1, 7)
    days = [program.start_date + timedelta(days=number) for number in weeks]
    return [program.calendar.next_working_day(day) for day in days]


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
        describes_version="1.0",
        effective_date=clock.today(program.time_zone),
    )
    gatekeeping.log_missing_decisions(program, slug, owner, "Rehearsed decision")
    chartering.prepare(program, slug)
    gatekeeping.settle_owners(program, slug)
    gatekeeping.confirm_metrics(program, slug)
    phases.hand_in(actor=owner, criterion=find_criterion(program, slug))
    criterion = find_criterion(program, slug)
    for verifier in verifiers_for(criterion, cast)[:1]:
        phases.verify(actor=_person(verifier), criterion=criterion)


def _finish(program: Program, slug: str) -> None:
    task = find_task(program, slug)
    phases.complete_task(actor=_person(responsible_for(task, cast_of(program)).addressee), task=task)


def _decide(program: Program, slug: str) -> None:
    """Take an event. Ahead of a gate, proof that grew too old is given anew and risks are put in order (G23)."""
    if not gatekeeping.is_plain(program, slug):
        gatekeeping.finish_actions(program)
        for unmet in gatekeeping.unmet_musts(program, slug):
            _prove(program, unmet)
        if clock.today(program.time_zone) > _first_gate(program):
            gatekeeping.accept_risks(program)
    gatekeeping.take(program, slug, reason="Rehearsed")


def _first_gate(program: Program) -> date:
    gates = [event.due_date for event in Event.objects.filter(program=program) if event.is_gate]
    return min(gates, default=program.end_date)


def _date_risks(program: Program, slug: str) -> None:
    gatekeeping.date_actions(program)


def _review_risks(program: Program, slug: str) -> None:
    gatekeeping.review_risks(program)


def _person(user_id: int | None) -> User:
    if user_id is None:
        raise ServiceError("nobody answers for it")
    return User.objects.get(pk=user_id)


_PERFORM: dict[str, Callable[[Program, str], None]] = {
    "criterion": _prove,
    "task": _finish,
    "event": _decide,
    "risks": _date_risks,
    "reviews": _review_risks,
}
