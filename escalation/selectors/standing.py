"""Where every escalation stands: what was told, who is next and when. Must not write."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from escalation.domain.clock import due_instants
from escalation.domain.words import wait_words
from escalation.models import Escalation, EscalationRung, RungCall
from escalation.selectors.calling import Callers, callers_of
from escalation.selectors.paths import clock_of, levels_of, settled, waits_of, with_levels
from programs.models import Program
from programs.selectors import Cast
from risks.models import EscalationPath


@dataclass(frozen=True)
class Step:
    """One level of a path as a running escalation sees it: reached with its calls, or still to come."""

    number: int
    roles: str
    wait: str
    rung: EscalationRung | None
    calls: tuple[RungCall, ...]
    at: dt.datetime | None
    """When it was told, or when it will be if nobody answers; None when the clock stands."""
    people: tuple[str, ...]
    gaps: tuple[str, ...]
    is_next: bool = False


@dataclass(frozen=True)
class Standing:
    """An escalation with all its steps, in order."""

    row: Escalation
    steps: tuple[Step, ...]

    @property
    def next(self) -> Step | None:
        """What happens next, None when nothing does by itself."""
        return next((step for step in self.steps if step.is_next), None)

    @property
    def reached(self) -> tuple[Step, ...]:
        """The steps that were told."""
        return tuple(step for step in self.steps if step.rung is not None)

    @property
    def gaps(self) -> tuple[str, ...]:
        """Every empty place met so far, once."""
        return tuple(dict.fromkeys(gap for step in self.reached for gap in step.gaps))

    @property
    def exhausted(self) -> bool:
        """Whether the last rung was told and nobody answered."""
        return self.row.is_running and self.row.next_at is None

    @property
    def colour(self) -> str:
        """Red while somebody is wanted, amber once acknowledged, grey when it is over."""
        if self.row.ended_at is not None:
            return "grey"
        return "amber" if self.row.acknowledged_at is not None else "red"

    @property
    def word(self) -> str:
        """The same in a word, so that colour never stands alone."""
        if self.row.ended_at is not None:
            return "Ended"
        if self.row.acknowledged_at is not None:
            return "Acknowledged"
        return "Last rung, no answer" if self.exhausted else "Running"


def open_of(program: Program, cast: Cast) -> list[Standing]:
    """What has not ended, unanswered first, newest first (nine queries at most, whatever their number)."""
    rows = list(_whole(Escalation.objects.filter(program=program, ended_at=None)))
    callers = callers_of(program, cast)
    found = [_standing(row, program, callers) for row in rows]
    return sorted(found, key=lambda standing: standing.row.acknowledged_at is not None)


def find(program: Program, pk: int, cast: Cast) -> Standing:
    """One escalation with its steps. Errors: Http404."""
    row = _whole(Escalation.objects.filter(program=program, pk=pk)).first()
    if row is None:
        raise Http404("No such escalation")
    return _standing(row, program, callers_of(program, cast))


def running_of(program_ids: Iterable[int]) -> tuple[QuerySet[Escalation], QuerySet[EscalationRung]]:
    """What nobody has acknowledged in several programs, and its rungs that were empty."""
    rows = Escalation.objects.filter(program__in=program_ids, acknowledged_at=None, ended_at=None)
    return rows, EscalationRung.objects.filter(escalation__in=rows, empty=True).only("escalation")


def ended_of(program: Program) -> QuerySet[Escalation]:
    """What has ended, newest first, with how many rungs it reached."""
    rows = Escalation.objects.filter(program=program, ended_at__isnull=False).annotate(reached=Count("rungs"))
    return rows.select_related("path", "acknowledged_by", "program").order_by("-ended_at", "-pk")


def of_risks(program: Program) -> dict[int, Escalation]:
    """The newest escalation that has not ended, by the id of each risk it flags (S57; two queries)."""
    rows = Escalation.objects.filter(program=program, ended_at=None).prefetch_related("risks").order_by("pk")
    found: dict[int, Escalation] = {}
    for row in rows:
        row.program = program
        found.update({risk.pk: row for risk in row.risks.all()})
    return found


def about(program: Program, kind: str, subject_id: int) -> list[Escalation]:
    """What has not ended about one thing, or flags it when it is a risk (one query)."""
    wanted = Q(subject_kind=kind, subject_id=subject_id)
    if kind == "risk":
        wanted |= Q(risks=subject_id)
    rows = Escalation.objects.filter(wanted, program=program, ended_at=None).select_related("path", "program")
    return list(rows.distinct().order_by("pk"))


def _whole(rows: QuerySet[Escalation]) -> QuerySet[Escalation]:
    rungs = EscalationRung.objects.order_by("position").prefetch_related(
        Prefetch("calls", queryset=RungCall.objects.select_related("user"))
    )
    return rows.select_related("acknowledged_by", "started_by", "ended_by", "earlier").prefetch_related(
        Prefetch("path", queryset=with_levels(EscalationPath.objects.all())),
        Prefetch("rungs", queryset=rungs),
        "risks",
    )


def _standing(row: Escalation, program: Program, callers: Callers) -> Standing:
    row.program = program
    path, levels = row.path, levels_of(row.path)
    due = due_instants(waits_of(levels), row.started_at, clock_of(program, path)) if row.is_running else ()
    rungs = {rung.position: rung for rung in row.rungs.all()}
    always = settled(path).round_the_clock
    steps = []
    for place, level in enumerate(levels):
        rung = rungs.pop(level.position, None)
        first = place == 0
        wait = wait_words(level.unit, level.amount, first=first, round_the_clock=always)
        roles = ", ".join(role.name for role in level.roles.all())
        if rung is not None:
            steps.append(_told(level.position, wait, rung))
            continue
        is_next = row.next_at is not None and place == len(steps) and not any(step.is_next for step in steps)
        at = row.next_at if is_next else max(due[place], row.next_at) if due and row.next_at else None
        found = callers.calls(level.roles.all())
        names = tuple(str(_person(callers, call.user_id)) for call in found.told)
        steps.append(Step(level.position, roles, wait, None, (), at, names, found.gaps, is_next))
    steps.extend(_told(position, "", rung) for position, rung in sorted(rungs.items()))
    return Standing(row, tuple(steps))


def _told(number: int, wait: str, rung: EscalationRung) -> Step:
    calls = tuple(rung.calls.all())
    return Step(number, rung.roles, wait, rung, calls, rung.reached_at, _names(calls), tuple(rung.gaps))


def _names(calls: Iterable[RungCall]) -> tuple[str, ...]:
    return tuple(str(call.user) for call in calls if call.ended_at is None)


def _person(callers: Callers, user_id: int) -> object:
    people = (person for role in callers.cast.roles for person in (role.holder, role.deputy))
    return next(person for person in people if person is not None and person.pk == user_id)
