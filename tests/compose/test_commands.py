"""Each service's command of the compose file, run for real against PostgreSQL and Redis until healthy, then stopped."""

import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.compose.conftest import ROOT, Runner, until
from tests.servers import Redis, redis_binary

pytestmark = pytest.mark.slow
STOP_SECONDS = 20


def here(command: list[str], port: int) -> list[str]:
    """Return the container's command for this machine: its own Python, and a port that is free."""
    moved = [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in command]
    return [sys.executable if part == "python" else part for part in moved]


def stopped(process: subprocess.Popen[bytes], grace: str) -> int:
    """Stop as Docker does and return the exit code. Errors: TimeoutExpired beyond the service's grace period."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=min(STOP_SECONDS, int(grace.removesuffix("s"))))


def healthy(compose: dict[str, Any], service: str, port: int, environment: dict[str, str]) -> bool:
    """Ask the service's own health check, pointed at this test's port."""
    check = compose["services"][service]["healthcheck"]["test"][1:]
    command = [sys.executable, check[1], f"http://127.0.0.1:{port}"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0


def test_web_worker_and_beat_become_healthy_and_stop(
    compose: dict[str, Any],
    environment: dict[str, str],
    web_port: int,
    start: Runner,
    logs: Callable[[], str],
) -> None:
    """Together, because readiness is the engine's heartbeat in the database: beat -> Redis -> worker -> PostgreSQL."""
    services = compose["services"]
    assert start(here(services["migrate"]["command"], web_port)).wait(timeout=60) == 0, logs()
    web = start(here(services["web"]["command"], web_port))
    until(lambda: "Booting worker" in logs() or "Listening at" in logs(), web, logs)
    assert not healthy(compose, "web", web_port, environment), "ready although nothing has ticked"

    schedule = environment["ROADMAP_DATA"] + "/celerybeat-schedule"
    beat_command = [part for part in services["beat"]["command"] if not part.startswith("--schedule=")]
    worker = start(here(services["worker"]["command"], web_port))
    beat = start(here([*beat_command, f"--schedule={schedule}"], web_port))
    until(lambda: healthy(compose, "worker", web_port, environment), worker, logs)
    assert healthy(compose, "beat", web_port, environment)

    assert stopped(beat, services["beat"]["stop_grace_period"]) == 0, logs()
    assert stopped(worker, services["worker"]["stop_grace_period"]) == 0, logs()
    assert stopped(web, services["web"]["stop_grace_period"]) == 0, logs()
    assert "Traceback" not in logs()


def test_a_second_migration_changes_nothing(
    compose: dict[str, Any], web_port: int, start: Runner, logs: Callable[[], str]
) -> None:
    command = here(compose["services"]["migrate"]["command"], web_port)
    assert [start(command).wait(timeout=60), start(command).wait(timeout=60)] == [0, 0]
    assert "No migrations to apply." in logs()


def test_the_redis_command_gives_a_server_without_persistence(compose: dict[str, Any], redis_server: Redis) -> None:
    """Same options, this machine's binary, the port of the fixture's server after ending that."""
    redis_server.kill()
    command = compose["services"]["redis"]["command"]
    assert command[0] == "valkey-server"
    own = [str(redis_binary()), *command[1:], "--port", str(redis_server.port), "--bind", "127.0.0.1"]
    redis_server.start(own)
    assert redis_server.ask("CONFIG GET save").endswith("$4\r\nsave\r\n$0\r\n\r\n")
    assert redis_server.ask("PING") == "+PONG\r\n"


def test_health_check_fails_with_a_reason_when_nobody_answers(environment: dict[str, str], web_port: int) -> None:
    command = [sys.executable, "docker/health.py", f"http://127.0.0.1:{web_port}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split(":")[0]) == (1, "no answer from 127.0.0.1")
