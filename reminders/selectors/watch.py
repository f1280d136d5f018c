"""What is wrong with the engine right now, and what every page should say about it. Must not write."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import User
from programs.enums import PROGRAM_MANAGER
from programs.models import Role
from reminders.domain.alarm_words import banner
from reminders.domain.alarms import Finding, lasted
from reminders.enums import AlarmKind, State
from reminders.models import Alarm, Delivery, ProgramPlan
from reminders.selectors.disk import disk
from reminders.selectors.health import engine_state, silence

FOR_MANAGERS = (AlarmKind.SILENCE, AlarmKind.PAUSE, AlarmKind.SERVER)
"""What also concerns program managers: nobody in their program is reminded."""


@dataclass(frozen=True)
class Notice:
    """A line over every page: what is wrong and since when."""

    kind: AlarmKind
    text: str
    since: datetime


def findings(now: datetime) -> dict[AlarmKind, Finding]:
    """Everything that is wrong as of `now` (four queries at most, each by a small index).

    A restored copy that nobody has let run yet says only that it is paused: it sends nothing by itself (P18), and a
    drill must not alarm anybody.
    """
    state = engine_state()
    if state.restored_at is not None:
        return {AlarmKind.PAUSE: Finding(AlarmKind.PAUSE)}
    found: list[Finding] = []
    if words := silence(state, now):
        found.append(Finding(AlarmKind.SILENCE, state.last_tick, detail=words))
    if state.paused:
        found.append(Finding(AlarmKind.PAUSE))
    if state.circuit_failures:
        found.append(Finding(AlarmKind.SERVER, detail=state.circuit_reason))
    held = Delivery.objects.filter(state=State.HELD).aggregate(
        rows=Count("pk"), programs=Count("program_id", distinct=True)
    )
    if held["rows"]:
        found.append(Finding(AlarmKind.HELD, number=held["rows"], programs=held["programs"]))
    faulty = list(ProgramPlan.objects.exclude(error="").order_by("pk").values_list("error", flat=True)[:1000])
    if faulty:
        found.append(Finding(AlarmKind.FAULTY, number=len(faulty), detail=faulty[0]))
    if words := disk().warning:
        found.append(Finding(AlarmKind.DISK, detail=words))
    return {finding.kind: finding for finding in found}


def notices(found: dict[AlarmKind, Finding], now: datetime) -> tuple[Notice, ...]:
    """The lines for pages: what has lasted long enough, with its beginning (one query, none when all is well)."""
    if not found:
        return ()
    began = dict(Alarm.objects.filter(since__isnull=False).values_list("kind", "since"))
    lines = [
        Notice(kind, banner(kind, finding.number), began.get(kind) or finding.since or now)
        for kind, finding in found.items()
    ]
    return tuple(line for line in lines if lasted(line.kind, line.since, now))


def concerns_managers(user: User) -> bool:
    """Whether the person manages a program, or deputises for its manager."""
    return Role.objects.filter(Q(holder=user) | Q(deputy=user), slug=PROGRAM_MANAGER).exists()
