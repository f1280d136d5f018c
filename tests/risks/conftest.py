"""The program that the tests of the risk register share."""

import pytest

from tests.gates.world import World, world


@pytest.fixture
def w(db: None) -> World:
    """A program with a risk lead and a sponsor."""
    return world()
