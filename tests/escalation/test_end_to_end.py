"""A reading over HTTP, alert, path, rungs, acknowledgement: real processes, both ways to run (S54, S57, S74)."""

import datetime as dt
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from celery import Celery

from tests.reminders.faults.installation import Installation
from tests.reminders.sink import Sink

pytestmark = pytest.mark.slow
FIRST, SECOND = ["rung-1", "operator@example.org"], ["rung-2", "director@example.org"]


@dataclass
class Running:
    """An installation with the address of its web server and the key of a monitoring system."""

    installation: Installation
    address: str
    key: str

    def step(self, *names: str) -> str:
        """Have things happen, in a process of their own."""
        return step(self.installation, *names)

    def tick(self) -> None:
        """Ask the workers for one tick, as beat does every minute; the engine needs no asking."""
        if self.installation.broker:
            Celery(broker=self.installation.broker).send_task("reminders.tick", ignore_result=True)

    def mailed(self, sink: Sink, *rungs: list[str]) -> dict[str, object]:
        """Wait until these rungs were mailed, after one tick; return where it stands then."""
        self.tick()
        self.installation.until(lambda: len(escalated(sink)) == len(rungs), f"{rungs[-1]} was not mailed")
        found: dict[str, object] = {}

        def recorded() -> bool:
            found.update(json.loads(self.step("report")))
            return found["sent"] == [*rungs]

        self.installation.until(recorded, f"{rungs[-1]} was not recorded as sent")
        return found

    def send(self, value: float, key: str) -> tuple[int, dict[str, object]]:
        """Post a reading as a monitoring system does; return the status and the answer."""
        reading = {"metric": "m", "measured_at": dt.datetime.now(dt.UTC).isoformat(), "value": value}
        request = urllib.request.Request(  # noqa: S310 - the address of our own process on loopback
            f"{self.address}/api/metrics/storm-1/readings",
            json.dumps({"readings": [reading]}).encode(),
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)


def step(installation: Installation, *names: str) -> str:
    """Have things happen, in a process of their own."""
    return installation.python("-m", "tests.escalation.acting", *names)


def escalated(sink: Sink) -> list[bytes]:
    """The mails about escalations that arrived."""
    return [raw for _, raw in sink.handler.accepted if b"Escalated to you" in raw]


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server on loopback."""
    with Sink() as server:
        yield server


@pytest.fixture
def embedded(tmp_path: Path, sink: Sink) -> Iterator[Running]:
    """SQLite, and the engine in one process."""
    made = Installation(tmp_path, sink)
    try:
        key = step(made, "seed").strip()
        made.engine()
        yield Running(made, made.web(), key)
    finally:
        made.stop()


@pytest.fixture
def production(tmp_path: Path, sink: Sink, postgres_url: str, redis_url: str) -> Iterator[Running]:
    """PostgreSQL, Redis, and two Celery workers."""
    made = Installation(tmp_path, sink, postgres_url, redis_url)
    try:
        key = step(made, "seed").strip()
        made.worker()
        made.worker()
        yield Running(made, made.web(), key)
    finally:
        made.stop()


@pytest.mark.parametrize("way", ["embedded", "production"])
def test_s74_from_a_reading_over_http_to_silence(way: str, request: pytest.FixtureRequest, sink: Sink) -> None:
    it: Running = request.getfixturevalue(way)
    assert it.send(97, "r90m_wrong")[0] == 401
    assert it.send(97, it.key) == (200, {"stored": 1, "unchanged": 0})
    assert it.mailed(sink, FIRST) == {
        "readings": 1, "alerts": ["critical"], "signs": ["Availability"], "flagged": 1, "sent": [FIRST], "mails": 1,
        "waiting": 0, "clock": True, "acknowledged": [], "rules": ["nothing-due", "no-update", "metric-breached"],
    }  # fmt: skip
    it.step("wait")
    unanswered = it.mailed(sink, FIRST, SECOND)
    assert unanswered["rules"] == ["nothing-due", "no-update", "escalation-unanswered", "metric-critical"]
    assert json.loads(it.step("acknowledge", "wait", "tick", "report")) == {
        "readings": 1, "alerts": ["critical"], "signs": ["Availability"], "flagged": 1, "sent": [FIRST, SECOND],
        "mails": 2, "waiting": 0, "clock": False, "acknowledged": ["director@example.org"],
        "rules": ["nothing-due", "no-update", "metric-breached"],
    }  # fmt: skip
    assert len(escalated(sink)) == 2
