"""A day to stand on: the small program of the factories on day 24, Wednesday 2026-01-28, at 09:00 UTC."""

import datetime as dt
from collections.abc import Iterator

import pytest

from core import clock
from tests import factories

DAY_24 = dt.datetime(2026, 1, 28, 9, tzinfo=dt.UTC)


@pytest.fixture
def day_24() -> Iterator[dt.datetime]:
    """Hold the clock on day 24."""
    with clock.frozen(DAY_24):
        yield DAY_24


@pytest.fixture
def built(db: None, day_24: dt.datetime) -> factories.Built:
    """The small program."""
    return factories.program("claims")
