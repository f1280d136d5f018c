"""The running program of these tests, on Monday 2026-04-20."""

from collections.abc import Iterator

import pytest

from core import clock
from tests.gates.world import World
from tests.governance.world import NOW, running


@pytest.fixture
def w(db: None) -> Iterator[World]:
    """A program in run with the clock standing still."""
    with clock.frozen(NOW):
        yield running()
