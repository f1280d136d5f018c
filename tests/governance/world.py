"""A program after day 90 with a calendar of four kinds, written directly. Must not hold assertions."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from core import clock
from governance.models import BenefitReading, ChangeRecord, GovernanceEvent, Trigger
from programs.enums import ProgramState
from programs.models import OutcomeStatement, Program
from tests import factories
from tests.gates.world import World, world

FIRST = dt.date(2026, 4, 13)
"""A Monday, day 99 of the program that starts on 2026-01-05 and ends on 2026-04-04."""
NOW = dt.datetime(2026, 4, 20, 9, tzinfo=dt.UTC)
BENEFIT_120 = dt.date(2026, 5, 4)
BENEFIT_180 = dt.date(2026, 7, 3)
ROWS = [
    ("gc-service", "review", FIRST, "FREQ=WEEKLY;COUNT=3", "FREQ=MONTHLY;BYMONTHDAY=27", "model-owner"),
    ("gc-benefit-120", "review", BENEFIT_120, "", "", "program-manager"),
    ("gc-access", "audit", dt.date(2026, 6, 22), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=22", "", "independent-reviewer"),
    ("gc-benefit-180", "reassessment", BENEFIT_180, "", "", "sponsor"),
    ("gc-training", "update", dt.date(2026, 12, 7), "FREQ=YEARLY", "", "monitoring-owner"),
    ("gc-recommission-yearly", "reassessment", dt.date(2026, 12, 30), "FREQ=YEARLY", "", "sponsor"),
]


def event(built: factories.Built, slug: str, kind: str, first: dt.date, owner: str, **fields: Any) -> GovernanceEvent:
    """Write one event."""
    values = {"first_day": (first - built.program.start_date).days + 1, "inputs": "numbers", "output": "a note"}
    return GovernanceEvent.objects.create(
        program=built.program, slug=slug, name=slug.replace("-", " ").capitalize(), kind=kind, first_date=first,
        owner_role=built.roles[owner], **{**values, **fields},
    )  # fmt: skip


def calendar(built: factories.Built) -> dict[str, GovernanceEvent]:
    """Write the calendar, two triggers and the outcome statement."""
    for position in (0, 1):
        Trigger.objects.create(program=built.program, position=position, when=f"Happening {position}", then="a review")
    if not OutcomeStatement.objects.filter(program=built.program).exists():
        OutcomeStatement.objects.create(
            program=built.program, measure="Hours per claim", unit="h", baseline=Decimal("4"), target=Decimal("2")
        )
    return {
        slug: event(built, slug, kind, first, owner, rrule=rule, rrule_later=later, position=position)
        for position, (slug, kind, first, rule, later, owner) in enumerate(ROWS)
    }


def around(built: factories.Built) -> None:
    """What the access table needs: the calendar, a reading and a change of the model owner."""
    calendar(built)
    program, mia = built.program, built.owner
    now = clock.now()
    BenefitReading.objects.create(
        program=program, number=1, day=120, read_on=FIRST, value=3, basis="measured", method="m", recorded_by=mia,
        recorded_at=now,
    )  # fmt: skip
    ChangeRecord.objects.create(
        program=program, number=1, kind="model", what="New model", why="Better", release="2.0", applied_on=FIRST,
        logged_by=mia, logged_at=now,
    )  # fmt: skip


def running(**fields: Any) -> World:
    """The gates' program, handed over, with the calendar."""
    w = world(**fields)
    calendar(w.built)
    Program.objects.filter(pk=w.built.program.pk).update(state=ProgramState.RUNNING)
    w.built.program.refresh_from_db()
    return w


@contextmanager
def at(day: dt.date, hour: int = 9) -> Iterator[None]:
    """Hold the clock on a day."""
    with clock.frozen(dt.datetime.combine(day, dt.time(hour), dt.UTC)):
        yield
