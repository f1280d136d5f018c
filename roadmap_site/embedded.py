"""The background of the embedded mode: Celery's worker and beat as threads of the web process, no server needed.

The broker lives in this process's memory; the database is the queue, so whatever is lost with the process costs one
tick (engine.md). Must not serve pages and must not decide what a tick does.
"""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from celery import Celery, beat
from celery.worker import WorkController, state
from celery.worker.consumer import Consumer

log = logging.getLogger(__name__)
STOP_SECONDS = 1.5
LOOK_UP_SECONDS = 0.4


class DataInUse(Exception):
    """Another running copy holds this data folder; the text is one line for the terminal."""


def hold(folder: Path) -> IO[str]:
    """Take the data folder for this process, until the returned file is closed or the process ends.

    An advisory lock, so nothing is left behind by a crash. Errors: DataInUse with the other copy's process id.
    """
    file = (folder / "running.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise DataInUse(
            f"ROADMAP_DATA: another copy of Roadmap 90 (process {holder}) already runs on {folder}; "
            "stop it, or choose another folder"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


class PromptConsumer(Consumer):
    """Looks up from its queue often. Celery waits two seconds at a time and once more after it was told to stop."""

    def connect(self) -> Any:
        """Return the broker connection with that wait shortened."""
        connection: Any = super().connect()
        drain = connection.drain_events

        def drain_briefly(timeout: float = LOOK_UP_SECONDS) -> object:
            return drain(timeout=min(timeout, LOOK_UP_SECONDS))

        connection.drain_events = drain_briefly
        return connection


class Background:
    """Worker and beat in a thread each. A thread that ends by itself ends the process: never half an application.

    `failed` names the thread that did. Side effect of a failure: SIGTERM to the own process.
    """

    def __init__(self, app: Celery) -> None:
        self.failed = ""
        self._app = app
        self._stopping = threading.Event()
        # A WorkController installs no signal handlers (celery's command-line Worker would). Solo, because with the
        # memory broker the other pools starve the beat behind a backlog.
        self._worker = WorkController(
            app=app,
            pool="solo",
            concurrency=1,
            consumer_cls=PromptConsumer,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        # The plain scheduler keeps nothing on disk: what was missed is caught up by the planner's watermark. The
        # short sleep is what lets it stop quickly.
        service: Any = beat.Service  # the stubs are older than remote_control and take whole seconds only
        self._beat = service(app, max_interval=0.5, scheduler_cls=beat.Scheduler, remote_control=False)
        self._threads = [self._thread("worker", self._worker.start), self._thread("beat", self._beat.start)]

    def start(self) -> None:
        """Start both threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop both, waiting STOP_SECONDS at most; a mail in flight beyond that is covered by its lease."""
        self._stopping.set()
        deadline = time.monotonic() + STOP_SECONDS
        self._beat.stop()
        state.should_stop = 0  # type: ignore[assignment]  # the stubs know only its first value, None
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _thread(self, name: str, run: Callable[[], object]) -> threading.Thread:
        return threading.Thread(target=self._guarded, args=(name, run), name=f"roadmap-{name}", daemon=True)

    def _guarded(self, name: str, run: Callable[[], object]) -> None:
        self._app.set_current()  # Celery keeps the current app per thread
        try:
            run()
        except Exception:
            log.exception("the %s thread failed", name)
        if not self._stopping.is_set():
            self.failed = name
            os.kill(os.getpid(), signal.SIGTERM)
