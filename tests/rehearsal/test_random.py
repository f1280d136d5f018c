"""Random programs in random places: what really left is what the naive recomputation finds (P9, P10, P11)."""

import datetime as dt
import subprocess
import sys

import pytest

from tests.naive import DAY, instant
from tests.rehearsal.random_program import COVERED, ROOT, RULES, draw
from tests.rehearsal.simulate import broken

pytestmark = pytest.mark.slow


def test_two_random_programs_mail_exactly_what_the_recomputation_finds():
    command = [sys.executable, "-m", "tests.rehearsal.simulate", "--programs", "2", "--seed", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 programs" in done.stdout
    assert "0 with faults" in done.stdout


def test_a_seed_is_a_program_and_seeds_differ():
    assert draw(5) == draw(5)
    drawn = [draw(seed) for seed in range(40)]
    assert len({program.days.country for program in drawn}) > 25
    assert len({program.zone for program in drawn}) > 10
    assert {act.kind for program in drawn for act in program.acts} == {"finish", "move", "close"}
    assert set(COVERED) < set(RULES)


def test_the_checks_see_a_mail_at_night_on_a_day_off_and_after_the_end():
    program = draw(5)
    closed = next(act for act in program.acts if act.kind == "close")
    done = next(act for act in program.acts if act.kind == "finish")
    day = max(closed.at, done.at).date() + 2 * DAY
    while program.days.works(day):
        day += DAY
    zone, hour = program.people[closed.what]
    at = instant(day, hour, zone) - dt.timedelta(minutes=1) if hour else instant(day, 21, zone)
    said = " ".join(broken(program, [(closed.what, day, at, "<1@x>", [(done.what, "item-due")])]))
    for words in ("outside the hour", "on a day off", "to a closed account", "after it was done", "no lead of gate-"):
        assert words in said
