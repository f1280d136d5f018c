"""A whole installation for crash tests: its own database, data folder and mail sink, its processes as real ones."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.reminders.sink import Sink

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 90

REPORT = """
import django, json
django.setup()
from django.db.models import Count
from reminders.models import Attempt, Delivery, Mail
count = lambda model, field: dict(model.objects.order_by().values_list(field).annotate(n=Count("pk")))
print(json.dumps({"mails": count(Mail, "state"), "rows": count(Delivery, "state"), "tries": count(Attempt, "outcome"),
    "ids": list(Mail.objects.filter(state="sent").values_list("message_id", flat=True))}))
"""
LEASES_RUN_OUT = """
import django, datetime
django.setup()
from reminders.models import Mail
Mail.objects.filter(state="leased").update(lease_until=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
"""


@dataclass
class Installation:
    """Processes of one installation, started and killed at will."""

    folder: Path
    sink: Sink | None = None
    database: str = ""
    broker: str = ""
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    """Further variables for processes started from now on."""

    @property
    def environment(self) -> dict[str, str]:
        """What every process of it is started with."""
        named = {
            "DJANGO_SETTINGS_MODULE": "roadmap_site.settings",
            "ROADMAP_DATA": str(self.folder),
            **({"EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}"} if self.sink else {}),
            "SECRET_KEY": "k7" * 40,
            "SITE_URL": "http://roadmap.example.org",
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        }
        if self.database:
            named |= {"DATABASE_URL": self.database}
        if self.broker:
            named |= {"REDIS_URL": self.broker}
        return {"PATH": os.environ.get("PATH", ""), **named, **self.more}

    def seed(self, people: int) -> None:
        """Fill it: as many people, each with one mail due now."""
        self.python("-m", "tests.reminders.faults.seed", str(people))

    def report(self) -> dict[str, Any]:
        """Counts by state, and the Message-IDs that are recorded as sent."""
        found: dict[str, Any] = json.loads(self.python("-c", REPORT))
        return found

    def leases_run_out(self) -> None:
        """Let the time pass after which a dead worker's mails are taken up by others."""
        self.python("-c", LEASES_RUN_OUT)

    def python(self, *arguments: str) -> str:
        """Run Python inside the installation; return what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def engine(self, *, most_bytes: int = 0) -> subprocess.Popen[bytes]:
        """Start planner and sender without Celery; no file of theirs may grow beyond `most_bytes` (0: no limit)."""
        command = [sys.executable, "manage.py", "engine", "--loop", "--every", "0.2"]
        return self._start(*(["prlimit", f"--fsize={most_bytes}"] if most_bytes else []), *command)

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a Celery worker as the compose file does."""
        return self._celery("worker", "--pool=prefork", "--concurrency=1", "--without-gossip", "--without-mingle")

    def beat(self, number: int) -> subprocess.Popen[bytes]:
        """Start a beat with a schedule file of its own."""
        return self._celery("beat", f"--schedule={self.folder}/beat{number}", "--pidfile=")

    def web(self) -> str:
        """Start the web server as the image does; return its address once it answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{free.getsockname()[1]}"
        server = str(Path(sys.executable).parent / "gunicorn")
        self._start(server, "roadmap_site.wsgi:application", "--bind", place, "--worker-class", "gthread")
        self.until(lambda: _answers(place), "the web server does not answer")
        return f"http://{place}"

    def _celery(self, *arguments: str) -> subprocess.Popen[bytes]:
        celery = str(Path(sys.executable).parent / "celery")
        return self._start(celery, "--app=roadmap_site.celery", *arguments, "--loglevel=ERROR")

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "processes.log").open("ab")
        with log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and its children as a crash does."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
        self.running.remove(process)

    def stop(self) -> None:
        """End everything."""
        for process in list(self.running):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)
        self.running.clear()

    def until(self, reached: Callable[[], bool], what: str) -> None:
        """Wait for something to be true, not for a time."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not reached():
            assert time.monotonic() < deadline, f"{what}: {self.log()}"
            time.sleep(0.01)

    def log(self) -> str:
        """The end of what the processes printed."""
        return (self.folder / "processes.log").read_text(errors="replace")[-3000:]


def _answers(place: str) -> bool:
    host, port = place.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True
