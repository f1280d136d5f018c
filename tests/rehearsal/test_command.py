"""The command itself: faults, limits, the table, and that it leaves the installation alone."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from programs.models import Program

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_a_broken_file_is_answered_with_its_faults(capsys):
    err = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("rehearse", str(EXAMPLES / "broken.yaml"), stderr=err)
    assert stopped.value.code == 2
    assert len(err.getvalue().splitlines()) >= 9


@pytest.mark.parametrize("days", ["0", "401", "-3"])
def test_a_senseless_number_of_days_is_refused(days):
    with pytest.raises(CommandError, match="from 1 to 400"):
        call_command("rehearse", str(EXAMPLES / "claims-triage.yaml"), "--days", days)


@pytest.mark.slow
def test_a_rehearsal_prints_a_table_and_touches_nothing_here(db):
    out = io.StringIO()
    call_command("rehearse", str(EXAMPLES / "claims-triage.yaml"), "--days", "2", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["day", "local", "time", "recipient", "rules", "items", "subject"]
    assert "Mon 2026-10-12 08:00 +0530" in lines[1]
    assert lines[-1].startswith(f"{len(lines) - 3} mails in 2 days")
    assert not Program.objects.exists()
    assert not User.objects.exists()
