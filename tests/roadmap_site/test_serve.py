"""`make run`'s process for real: first start, second start, Ctrl+C, a taken port, a second copy (P24)."""

import contextlib
import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import free_port

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120  # a machine that is busy with the other tests

Start = Callable[..., "Copy"]


class Copy:
    """One running `python -m roadmap_site.serve`."""

    def __init__(self, data: Path, port: int, output: Path) -> None:
        self.port, self.output, self.data = port, output, data
        environment = {"PATH": os.environ["PATH"], "ROADMAP_DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1"}
        with output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "roadmap_site.serve"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )

    @property
    def text(self) -> str:
        """What it has printed so far."""
        return self.output.read_text(encoding="utf-8")

    def ready(self) -> "Copy":
        """Wait for the line that names the address."""
        deadline = time.monotonic() + START_SECONDS
        while "Stop: Ctrl+C" not in self.text:
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(self.text)
            time.sleep(0.05)
        return self

    def status(self, path: str) -> int:
        """Ask for a page and return the status of the answer."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", path)
            with connection.getresponse() as answer:
                answer.read()
                return answer.status

    def programs(self) -> list[str]:
        """Read the slugs of the programs from the database file."""
        with contextlib.closing(sqlite3.connect(self.data / "roadmap90.sqlite3")) as database:
            return [row[0] for row in database.execute("SELECT slug FROM programs_program ORDER BY slug")]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start copies; they are ended after the test."""
    copies: list[Copy] = []

    def run(data: Path, port: int | None = None) -> Copy:
        copies.append(Copy(data, port or free_port(), tmp_path / f"output-{len(copies)}"))
        return copies[-1]

    yield run
    for copy in copies:
        copy.process.kill()
        copy.process.wait()


def test_p24_first_start_shows_an_example_and_a_second_start_finds_it(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "Daten für Müller & Söhne"
    first = start(data).ready()
    assert f"Roadmap 90 runs at http://127.0.0.1:{first.port}/" in first.text
    assert re.search(rf"Sign in as administrator .*: http://127.0.0.1:{first.port}/\S+", first.text)
    assert first.status("/healthz") == 200
    assert first.status("/") == 302
    programs = first.programs()
    assert len(programs) == 3

    beside = start(data)
    assert beside.process.wait(timeout=30) == 1
    refused = f"ROADMAP_DATA: another copy of Roadmap 90 (process {first.process.pid}) already runs on {data}; "
    assert beside.text.splitlines()[-1].startswith(refused)
    assert first.status("/healthz") == 200

    stopping = time.monotonic()
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(timeout=10) == 0
    assert time.monotonic() - stopping < 2
    assert first.text.rstrip().endswith("Stopped; the data is kept.")
    assert "Traceback" not in first.text

    second = start(data).ready()
    assert "First start" not in second.text
    assert second.programs() == programs
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(timeout=2) == 0


def test_p24_a_taken_port_is_one_line_and_touches_nothing(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        copy = start(tmp_path / "data", port)
        assert copy.process.wait(timeout=30) == 1
    assert re.fullmatch(rf"PORT: {port} on 127\.0\.0\.1 is taken .*try: make run PORT=\d+\n", copy.text)
    assert not (tmp_path / "data").exists()


def test_p24_a_folder_that_cannot_be_made_is_one_line(start: Start) -> None:
    copy = start(Path("/proc/nowhere"))
    assert copy.process.wait(timeout=30) == 1
    assert re.fullmatch(r"(Preparing static files\n)?ROADMAP_DATA: takes a folder that can be made .*\n", copy.text)


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1"])
def test_a_port_that_is_none_is_one_line(port: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "ROADMAP_DATA": str(tmp_path), "PORT": port}
    command = [sys.executable, "-m", "roadmap_site.serve"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "PORT: takes a number from 1 to 65535\n")
