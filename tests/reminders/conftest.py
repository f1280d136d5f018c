"""A small program whose reminders are planned, and a mail server that can be told to misbehave."""

import datetime as dt
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest

from core import clock
from reminders.services import copy_default_rules
from tests import factories
from tests.factories import Built
from tests.reminders.quiet import without_updates
from tests.reminders.sink import Sink


@pytest.fixture
def built(db: None) -> Built:
    """The small program of the factories with the default rules; starts on Monday 2026-01-05 in Berlin."""
    made = factories.program("claims", start_date=dt.date(2026, 1, 5))
    for person in made.people.values():
        person.time_zone = "Europe/Berlin"
        person.save(update_fields=["time_zone"])
    copy_default_rules(made.program)
    without_updates(made.program)
    return made


@pytest.fixture
def at() -> Iterator[Callable[[str], dt.datetime]]:
    """Set the clock to a local Berlin time such as "2026-01-20 08:00"; it stands still."""

    def set_to(text: str) -> dt.datetime:
        local = dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))
        clock.move(local, speed=0)
        return clock.now()

    yield set_to
    clock.reset()


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server on loopback that keeps what it gets; the settings point to it."""
    with Sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
