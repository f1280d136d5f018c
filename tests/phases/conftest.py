"""A small program on a chosen day, for every test of the plan."""

import datetime as dt
from collections.abc import Callable

import pytest

from core import clock
from tests import factories
from tests.factories import Built

OnDay = Callable[[int], dt.date]


@pytest.fixture
def on_day() -> OnDay:
    """Hold the clock at 10:00 UTC on a day of the program and return its date."""

    def move(day: int) -> dt.date:
        date = factories.START + dt.timedelta(days=day - 1)
        clock.move(dt.datetime.combine(date, dt.time(10), dt.UTC), speed=0)
        return date

    return move


@pytest.fixture
def built(db: None, on_day: OnDay) -> Built:
    """The small program on its day 10 (Wed 14 Jan 2026)."""
    on_day(10)
    return factories.program("claims")
