"""The program of the metric tests, on a Tuesday, day 16."""

from collections.abc import Iterator

import pytest

from core import clock
from tests.metrics.world import NOW, World, world


@pytest.fixture
def w(db: None) -> Iterator[World]:
    """The program with the clock standing still."""
    with clock.frozen(NOW):
        yield world()
