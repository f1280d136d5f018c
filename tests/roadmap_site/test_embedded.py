"""The threads of the embedded mode and the lock on its data folder, with a Celery app of the test's own."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from celery.worker import state

from roadmap_site import embedded


@pytest.fixture
def ticks() -> list[float]:
    """When the test's task ran."""
    return []


@pytest.fixture
def ticking(ticks: list[float]) -> Iterator[Celery]:
    """An app on the in-memory broker whose beat sends one task ten times a second."""
    app = Celery("test-of-threads", broker="memory://", set_as_current=False, fixups=[])
    app.conf.update(
        task_ignore_result=True,
        broker_transport_options={"polling_interval": 0.02},
        broker_connection_retry_on_startup=True,
        beat_schedule={"tick": {"task": "test.tick", "schedule": 0.1, "options": {"expires": 5}}},
    )

    @app.task(name="test.tick", shared=False)
    def tick() -> None:
        ticks.append(time.monotonic())

    yield app
    state.should_stop = None


def test_beat_and_worker_turn_ticks_into_work_and_stop_promptly(ticking: Celery, ticks: list[float]) -> None:
    before = threading.active_count()
    background = embedded.Background(ticking)
    background.start()
    deadline = time.monotonic() + 20
    while len(ticks) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    started = time.monotonic()
    background.stop()
    assert time.monotonic() - started < embedded.STOP_SECONDS, "a thread had to be abandoned"
    assert len(ticks) >= 3
    assert background.failed == ""
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("roadmap-")] == []
    assert threading.active_count() <= before + 1


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_p23_a_thread_that_ends_by_itself_ends_the_process(
    ticking: Celery, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals: list[tuple[int, int]] = []
    ended = threading.Event()

    def record(process: int, number: int) -> None:
        signals.append((process, number))
        ended.set()

    def fail(self: object) -> None:
        raise RuntimeError("planted")

    target = {"worker": embedded.WorkController, "beat": embedded.beat.Service}[name]
    monkeypatch.setattr(target, "start", fail)
    monkeypatch.setattr(embedded.os, "kill", record)
    background = embedded.Background(ticking)
    background.start()
    assert ended.wait(timeout=20)
    assert background.failed == name
    assert signals == [(os.getpid(), signal.SIGTERM)]
    background.stop()


def test_the_data_folder_belongs_to_one_process(tmp_path: Path) -> None:
    said = re.escape(f"(process {os.getpid()}) already runs on {tmp_path}")
    with embedded.hold(tmp_path), pytest.raises(embedded.DataInUse, match=said):
        embedded.hold(tmp_path)
    embedded.hold(tmp_path).close()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    code = "import os, signal; from pathlib import Path; from roadmap_site import embedded; "
    code += f"held = embedded.hold(Path({str(tmp_path)!r})); os.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    embedded.hold(tmp_path).close()
