"""One idle and one steady rehearsal of the example, run once for all tests of this folder."""

import datetime as dt
import io
import json
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


def rehearse(*arguments: str) -> list[dict]:
    out = io.StringIO()
    call_command("rehearse", str(SPEC), "--json", *arguments, stdout=out)
    letters = [json.loads(line) for line in out.getvalue().splitlines()]
    for letter in letters:
        letter["at"] = dt.datetime.fromisoformat(letter["at"])
    return letters


@pytest.fixture(scope="session")
def idle() -> list[dict]:
    """Every mail of the idle scenario."""
    return rehearse("--days", "90")


@pytest.fixture(scope="session")
def steady() -> list[dict]:
    """Every mail of the steady scenario."""
    return rehearse("--days", "90", "--scenario", "steady")
