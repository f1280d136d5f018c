"""The parsed compose file, and a way to run its commands on this machine."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
HEALTHY_SECONDS = 60

Service = dict[str, Any]
Runner = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """The compose file."""
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return parsed


@pytest.fixture
def web_port() -> int:
    """Where the web service listens in this test instead of its container's 8000."""
    return free_port()


@pytest.fixture
def environment(compose: dict[str, Any], tmp_path: Path, postgres_url: str, redis_url: str) -> dict[str, str]:
    """The services' environment of the compose file, pointed at the test's servers and secret files."""
    given: dict[str, str] = compose["services"]["web"]["environment"]
    secret = tmp_path / "secret_key"
    secret.write_text("k7" * 40, encoding="ascii")
    password = tmp_path / "db_password"
    password.write_text("unused on a trusted socket", encoding="ascii")
    own = {
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY_FILE": str(secret),
        "DATABASE_PASSWORD_FILE": str(password),
    }
    assert set(own) <= set(given)
    defaults = {name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value) for name, value in given.items()}
    return {"PATH": f"{BIN}:{os.environ['PATH']}", "ROADMAP_DATA": str(tmp_path / "data"), **defaults, **own}


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Runner]:
    """Start a command as its container would; whatever still runs at the end is ended."""
    running: list[subprocess.Popen[bytes]] = []

    def run(command: list[str], **changes: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / f"log-{len(running)}").open("wb")
        process = subprocess.Popen(
            command, cwd=ROOT, env={**environment, **changes}, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def logs(tmp_path: Path) -> Callable[[], str]:
    """Everything the started commands have printed so far."""
    return lambda: "\n".join(file.read_text(errors="replace") for file in sorted(tmp_path.glob("log-*")))


def until(condition: Callable[[], bool], process: subprocess.Popen[bytes], logs: Callable[[], str]) -> None:
    """Wait for `condition`; fail with the logs when `process` ends first or it takes too long."""
    deadline = time.monotonic() + HEALTHY_SECONDS
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"exit {process.poll()}\n{logs()[-4000:]}")
        time.sleep(0.1)
