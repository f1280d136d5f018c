"""The small program on day 24."""

from collections.abc import Iterator

import pytest

from core import clock
from tests.ownership.world import DAY_24, World, world


@pytest.fixture
def w(db: None) -> Iterator[World]:
    """The world of ownership, the clock held on day 24."""
    with clock.frozen(DAY_24):
        yield world()
