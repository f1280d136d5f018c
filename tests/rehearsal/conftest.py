"""One idle and one steady rehearsal of the example, run once for all tests of this folder."""

import datetime as dt
import fcntl
import io
import json
import os
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "examples" / "claims-triage.yaml"


@pytest.fixture(scope="session")
def spec() -> dict:
    """The specification as loose data, read without any code of ours."""
    return yaml.safe_load(SPEC.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def playbook() -> dict:
    """The playbook as loose data, read without any code of ours."""
    file = ROOT / "playbooks" / "data" / "poc-to-production-90.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def rehearse(folder: Path, scenario: str) -> list[dict]:
    """Run the command once for all processes of a test run: whoever comes first, the others read what it printed."""
    printed = folder / f"rehearsal-{scenario}.jsonl"
    with (folder / f"rehearsal-{scenario}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            out = io.StringIO()
            call_command("rehearse", str(SPEC), "--json", "--days", "90", "--scenario", scenario, stdout=out)
            printed.write_text(out.getvalue(), encoding="utf-8")
    letters = [json.loads(line) for line in printed.read_text(encoding="utf-8").splitlines()]
    for letter in letters:
        letter["at"] = dt.datetime.fromisoformat(letter["at"])
    return letters


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def idle(shared_folder: Path) -> list[dict]:
    """Every mail of the idle scenario."""
    return rehearse(shared_folder, "idle")


@pytest.fixture(scope="session")
def steady(shared_folder: Path) -> list[dict]:
    """Every mail of the steady scenario."""
    return rehearse(shared_folder, "steady")
