"""The world of the gates' tests, on a Tuesday three weeks in."""

import datetime as dt
from collections.abc import Iterator

import pytest

from core import clock
from tests.gates.world import World, world

NOW = dt.datetime(2026, 1, 27, 9, tzinfo=dt.UTC)


@pytest.fixture
def w(db: None) -> Iterator[World]:
    """The program, its people, and the clock standing still on day 23."""
    with clock.frozen(NOW):
        yield world()
