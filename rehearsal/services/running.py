"""Runs a program against a moving clock: the real launch, the real planner, the real sender, a real mail server.

The clock steps from one instant at which something can happen to the next, so that 90 days take seconds. Must only
be used on a database that is thrown away.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from enum import StrEnum

from django.db.models import Min

from core import clock
from phases.models import Criterion, Event, Task
from playbooks.domain.spec import LaunchSpec
from playbooks.services import launch
from programs.domain.calendar import date_of_day, day_of
from programs.domain.localtime import local_instant, zone_of
from programs.models import Program
from rehearsal.domain.letters import Letter, LetterItem
from rehearsal.services.post_office import PostOffice
from rehearsal.services.steady import acts_of, perform
from reminders.defaults import limits
from reminders.enums import Kind, State
from reminders.models import Delivery, EngineState, Mail, ProgramPlan
from reminders.services import tick

TAIL_WORKING_DAYS = 10
"""How long a whole program is watched after its last gate, so that the ladder of that gate shows too."""


class Scenario(StrEnum):
    """What the people of the program do."""

    IDLE = "idle"
    STEADY = "steady"


def rehearse(
    spec: LaunchSpec, *, days: int, scenario: Scenario, post_office: PostOffice, tell: Callable[[str], None]
) -> Iterator[tuple[Letter, int]]:
    """Launch `spec` and live through `days` days, yielding each letter with the program day on which it left.

    The clock starts at 10:00 UTC on the day before day 1: before eight in the morning everywhere on earth. A run over
    the whole program goes on until the ladder of the last gate is through. `tell` hears what the rules refused.
    Side effect: moves the clock of this process and leaves it there.
    """
    now = datetime.combine(spec.program.start_date, time(10), UTC) - timedelta(days=1)
    clock.move(now, speed=0)
    program = launch(actor=None, spec=spec, now=now)
    end = _end(program, days)
    days_planned = _days(program)
    acts = acts_of(program) if scenario is Scenario.STEADY else []
    while now <= end:
        clock.move(now, speed=0)
        while acts and acts[0].at <= now:
            refused = perform(program, acts.pop(0))
            if refused:
                tell(refused)
        tick()
        for at, raw in post_office.collect():
            letter = _letter(at, raw, days_planned)
            yield letter, day_of(program.start_date, at.astimezone(zone_of(program.time_zone)).date())
        now = next_instant(now, acts[0].at if acts else None)


def _end(program: Program, days: int) -> datetime:
    last = date_of_day(program.start_date, days)
    if last >= program.end_date:
        latest_event = max(Event.objects.filter(program=program).values_list("due_date", flat=True))
        last = program.calendar.add_working_days(max(last, latest_event), TAIL_WORKING_DAYS)
    return local_instant(last + timedelta(days=1), 0, program.time_zone)


def next_instant(now: datetime, person: datetime | None) -> datetime:
    """The next instant at which the engine or a person (at `person`) has something to do; a minute on when overdue."""
    waiting = Delivery.objects.filter(state=State.QUEUED, mail__isnull=True).aggregate(at=Min("not_before"))["at"]
    mail = Mail.objects.filter(state=State.QUEUED).aggregate(at=Min("not_before"))["at"]
    planned = ProgramPlan.objects.aggregate(at=Min("planned_through"))["at"]
    stretch = timedelta(hours=limits().horizon_hours - limits().replan_hours)
    planning = planned - stretch + timedelta(seconds=1) if planned else None
    circuit = EngineState.objects.values_list("circuit_until", flat=True).first()
    ahead = [at for at in (waiting, mail, planning, circuit, person) if at is not None and at > now]
    return min(ahead, default=now + timedelta(minutes=1))


def _letter(at: datetime, raw: bytes, days: dict[tuple[str, int], int]) -> Letter:
    """The mail that arrived, with what the delivery rows say it is about."""
    parsed = message_from_bytes(raw)
    mail = Mail.objects.select_related("user").get(message_id=str(parsed["Message-ID"]))
    sent = mail.deliveries.filter(state=State.SENT).select_related("program")
    rows = list(sent.order_by("urgency", "due_date", "pk"))
    items = tuple(
        LetterItem(
            kind=row.item_kind,
            slug=row.item_slug,
            due=row.due_date.isoformat(),
            day=days.get(_place(row), _day(row)),
            rule=row.rule,
            occurrence=row.occurrence,
        )
        for row in rows
    )
    return Letter(
        at=at.astimezone(zone_of(mail.user.time_zone)),
        to=str(parsed["To"]),
        rules=tuple(dict.fromkeys(row.rule for row in rows)),
        items=items,
        subject=mail.subject,
        message_id=mail.message_id,
        gaps=tuple(dict.fromkeys(gap for row in rows for gap in row.gaps)),
    )


def _place(row: Delivery) -> tuple[str, int]:
    return row.item_kind, row.item_id


def _day(row: Delivery) -> int:
    return day_of(row.program.start_date, row.due_date)


def _days(program: Program) -> dict[tuple[str, int], int]:
    """The program day each item was planned for, before it moved off a weekend or holiday."""
    found: dict[tuple[str, int], int] = {}
    for kind, model, field in (
        (Kind.CRITERION, Criterion, "due_day"),
        (Kind.TASK, Task, "due_day"),
        (Kind.EVENT, Event, "day"),
    ):
        for pk, day in model._default_manager.filter(program=program).values_list("pk", field):
            found[(kind.value, pk)] = day
    return found
