"""Setting up on a bare machine: what is missing is one clear line, and a second run does nothing (P24)."""

import sys
from pathlib import Path

import pytest

from scripts import environment


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of its own, with a lock of two packages."""
    lock = tmp_path / "requirements.txt"
    lock.write_text("# made by make lock\nalpha==1.0 \\\n    --hash=sha256:00\nbeta==2.0 \\\n    --hash=sha256:11\n")
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "LOCKS", {"runtime": lock, "dev": lock})
    return tmp_path


def fake_python(project: Path, script: str) -> None:
    """Put a stand-in for the environment's Python in place: it claims to be well, then acts as `script` says."""
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit 0\n{script}\n')
    python.chmod(0o755)


def test_an_old_python_is_turned_away_with_one_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        environment.main("runtime")
    assert stopped.value.code == 1
    said = "setup: Python 3.11 or newer is needed, this is 3.10; try: make PYTHON=python3.11\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_one_line(
    project: Path, module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SystemExit):
        environment.main("runtime")
    captured = capsys.readouterr()
    assert captured.err == "setup: this Python has no venv or ensurepip; install the package python3-venv and repeat\n"


def test_progress_is_shown_and_a_second_run_does_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake_python(project, 'echo "Collecting alpha==1.0"; echo "Processing /wheels/beta-2.0.whl"; echo ran >> "$0.log"')
    environment.main("runtime")
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == ["  [1/2] alpha==1.0", "  [2/2] beta-2.0.whl", "  .venv is ready (runtime)"]
    environment.main("runtime")
    assert capsys.readouterr().out == ""
    assert (project / ".venv" / "bin" / "python.log").read_text() == "ran\n"


def test_a_changed_lock_is_installed_again(project: Path) -> None:
    fake_python(project, 'echo ran >> "$0.log"')
    environment.main("runtime")
    environment.LOCKS["runtime"].write_text("alpha==1.1 \\\n    --hash=sha256:22\n")
    environment.main("runtime")
    assert (project / ".venv" / "bin" / "python.log").read_text() == "ran\nran\n"


def test_a_failed_installation_says_why_and_is_not_taken_for_done(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_python(project, 'echo "ERROR: no route to host"; exit 1')
    with pytest.raises(SystemExit) as stopped:
        environment.main("runtime")
    captured = capsys.readouterr()
    assert stopped.value.code == 1
    assert "ERROR: no route to host" in captured.out
    assert (
        captured.err == "setup: installing from requirements.txt failed, see above; the first time needs the network\n"
    )
    assert not environment.stamped("runtime")


def test_the_dev_environment_counts_as_the_runtime_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake_python(project, "exit 0")
    environment.main("dev")
    capsys.readouterr()
    environment.main("runtime")
    assert capsys.readouterr().out == ""
