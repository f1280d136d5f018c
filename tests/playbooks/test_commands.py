"""The commands: exit codes, streams and JSON shapes of interfaces, and a dry run that tells what a launch does."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from programs.models import Program
from tests.playbooks.conftest import EXAMPLES
from tests.playbooks.test_launching import row_counts

pytestmark = pytest.mark.django_db
CLAIMS = str(EXAMPLES / "claims-triage.yaml")


def run(*args: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``launch_program``."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("launch_program", *args, stdout=out, stderr=err)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_launch_prints_one_json_document_of_the_agreed_shape() -> None:
    code, out, err = run(CLAIMS, "--json")
    document: dict[str, Any] = json.loads(out)
    assert (code, err) == (0, "")
    assert document["program"] == Program.objects.get().slug == "claims-triage-assistant"
    assert [set(phase) for phase in document["phases"]] == [{"slug", "start", "end"}] * 3
    assert [set(event) for event in document["events"]] == [{"slug", "kind", "day", "date", "moved_from"}] * 6
    assert document["events"][-1] == {
        "slug": "gate-90", "kind": "gate", "day": 90, "date": "2027-01-11", "moved_from": "2027-01-09",
    }  # fmt: skip
    assert document["events"][0]["moved_from"] is None
    assert {"criteria", "tasks", "risks", "metrics"} <= set(document["counts"])
    assert document["gaps"][0] == {"kind": "vacant-role", "role": "monitoring-owner"}
    assert all({"kind", "role"} <= set(gap) for gap in document["gaps"])


def test_a_dry_run_equals_the_launch_and_saves_nothing() -> None:
    before = row_counts()
    dry = run(CLAIMS, "--dry-run", "--json")
    assert row_counts() == before
    assert dry == run(CLAIMS, "--json")
    assert Program.objects.count() == 1


def test_the_dated_plan_is_printed_with_what_moved_and_why() -> None:
    _, out, _ = run(CLAIMS, "--dry-run")
    assert "Claims triage assistant (claims-triage-assistant): dry run, nothing saved" in out
    assert "Mon 2026-12-28  day  75  cp-75" in out
    assert "(moved from Fri 2026-12-25: Christmas Day)" in out
    assert "  Monitoring and operations owner: nobody" in out
    assert "Data pipeline ownership: no deputy (Data pipeline owner)" in out
    assert "profile: not a regulated use" in out


def test_the_smallest_specification_moves_around_thanksgiving() -> None:
    code, out, _ = run(str(EXAMPLES / "contract-search.yaml"), "--json")
    document = json.loads(out)
    assert (code, document["tier"], document["phases"][0]["start"]) == (0, 3, "2026-11-27")
    assert len([gap for gap in document["gaps"] if gap["kind"] == "vacant-role"]) == 12


@pytest.mark.parametrize(("example", "least"), [("broken", 9), ("unknown-playbook", 1)])
@pytest.mark.parametrize("switches", [[], ["--json"], ["--dry-run"]])
def test_a_faulty_file_exits_2_with_a_line_a_fault_and_saves_nothing(
    example: str, least: int, switches: list[str]
) -> None:
    before, path = row_counts(), str(EXAMPLES / f"{example}.yaml")
    code, out, err = run(path, *switches)
    lines = err.splitlines()
    assert (code, out) == (2, "")
    assert len(lines) >= least
    assert all(line.startswith(f"{path}: ") and line.count(": ") >= 2 for line in lines)
    assert row_counts() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "file: cannot be read: No such file or directory"),
        (b"", "file: is empty"),
        (b"\xff\xfe\x00", "file: is not UTF-8 text"),
        (b"a" * 1_000_001, "file: is 1,000,001 bytes long; the limit is 1,000,000 bytes (1 MB)"),
    ],
)
def test_a_file_that_is_none_is_refused_plainly(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "spec.yaml"
    if content is not None:
        path.write_bytes(content)
    code, out, err = run(str(path))
    assert (code, out) == (2, "")
    assert err.startswith(f"{path}: {said}")


def test_a_folder_is_no_specification(tmp_path: Path) -> None:
    assert run(str(tmp_path))[0] == 2


@pytest.mark.parametrize("number", ["0", "-3", "many", "10001"])
def test_generate_portfolio_takes_a_sensible_number(number: str) -> None:
    with pytest.raises(CommandError, match="whole number from 1 to 10000"):
        call_command("generate_portfolio", "--programs", number)
