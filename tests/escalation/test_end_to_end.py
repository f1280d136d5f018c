"""Breach, path, first rung, second rung after its clock, acknowledgement: real processes, both ways to run (S74)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reminders.faults.installation import Installation
from tests.reminders.sink import Sink

pytestmark = pytest.mark.slow
FIRST, SECOND = ["rung-1", "operator@example.org"], ["rung-2", "director@example.org"]


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server on loopback."""
    with Sink() as server:
        yield server


@pytest.fixture
def embedded(tmp_path: Path, sink: Sink) -> Iterator[Installation]:
    """SQLite, and the engine in one process."""
    made = Installation(tmp_path, sink)
    step(made, "seed")
    made.engine()
    yield made
    made.stop()


@pytest.fixture
def production(tmp_path: Path, sink: Sink, postgres_url: str, redis_url: str) -> Iterator[Installation]:
    """PostgreSQL, Redis, and two Celery workers."""
    made = Installation(tmp_path, sink, postgres_url, redis_url)
    step(made, "seed")
    made.worker()
    made.worker()
    yield made
    made.stop()


def step(installation: Installation, name: str) -> str:
    """Have something happen, in a process of its own."""
    return installation._python("-m", "tests.escalation.acting", name)


def now(installation: Installation) -> dict[str, object]:
    """Where it stands; with a broker this asks for a tick, too."""
    return dict(json.loads(step(installation, "report")))


@pytest.mark.parametrize("way", ["embedded", "production"])
def test_s74_from_a_breach_to_silence(way: str, request: pytest.FixtureRequest, sink: Sink) -> None:
    installation: Installation = request.getfixturevalue(way)
    step(installation, "breach")
    installation.until(lambda: now(installation)["sent"] == [FIRST], "the first rung was not mailed")
    assert now(installation)["flagged"] == 1
    step(installation, "wait")
    installation.until(lambda: now(installation)["sent"] == [FIRST, SECOND], "the second rung was not mailed")
    step(installation, "acknowledge")
    step(installation, "wait")
    for _ in range(2):
        standing = now(installation)
    assert standing == {
        "sent": [FIRST, SECOND], "mails": 2, "waiting": 0, "flagged": 1, "clock": False, "acknowledged": 1,
    }  # fmt: skip
    about = [raw for _, raw in sink.handler.accepted if b"Escalated to you" in raw]
    assert len(about) == 2
