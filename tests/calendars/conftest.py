"""A small program with invitations on, the clock held three weeks in, and what its mails and files say."""

import datetime as dt
from collections.abc import Iterator

import pytest

from calendars.models import ProgramInvitations
from core import clock
from phases.models import Event
from reminders.services import copy_default_rules
from tests import factories
from tests.factories import Built
from tests.reminders.quiet import without_updates

NOW = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)  # a Tuesday


@pytest.fixture
def built(db: None) -> Iterator[Built]:
    """Gate 30 on 2026-02-03, gate 60 on 2026-03-05, a checkpoint on 2026-01-30; Pat manages, Sam keeps the gates."""
    with clock.frozen(NOW):
        made = factories.program("claims")
        made.events["checkpoint-15"] = Event.objects.create(
            program=made.program,
            phase=made.events["gate-30"].phase,
            slug="checkpoint-15",
            kind="checkpoint",
            name="Checkpoint",
            day=26,
            due_date=dt.date(2026, 1, 30),
            baseline_date=dt.date(2026, 1, 30),
        )
        copy_default_rules(made.program)
        without_updates(made.program)
        yield made


@pytest.fixture
def inviting(built: Built) -> Built:
    """The same with invitations switched on and nothing planned yet."""
    ProgramInvitations.objects.create(program=built.program, is_on=True)
    return built
