"""A program with three paths, a metric with limits, and a risk whose early sign that metric is."""

import pytest

from tests.escalation.world import Escalating, build


@pytest.fixture
def e(db: None) -> Escalating:
    """The world of escalations, with the default reminder rules."""
    return build()
