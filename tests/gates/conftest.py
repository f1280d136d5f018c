"""The program that the tests of the gates share."""

import pytest

from tests.gates.world import World, world


@pytest.fixture
def w(db: None) -> World:
    """A program with everything a gate needs."""
    return world()
