"""S29: from day 11 on an unsigned problem statement raises the risk of a weak anchor by itself, once."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from activity.models import Entry
from charter import services
from charter.enums import Seat
from charter.services.daily import WEAK_ANCHOR, keep_day
from core import clock
from playbooks.selectors import default_playbook
from programs.domain.calendar import date_of_day
from programs.models import Program
from reminders.services import copy_default_rules, tick
from risks.models import Risk
from risks.services import close_risk
from tests.charter.world import World
from tests.gates import world as gates


@pytest.fixture
def risk(w: World) -> Risk:
    """The playbook's risk in the program, of a later phase."""
    copy_default_rules(w.program)
    made = gates.risk(w, WEAK_ANCHOR)  # type: ignore[arg-type]  # it has what is asked for
    Risk.objects.filter(pk=made.pk).update(raise_from_phase="phase-2")
    made.refresh_from_db()
    return made


@contextmanager
def day(w: World, number: int) -> Iterator[dt.date]:
    """Nine in the morning (UTC) of a program day."""
    on = date_of_day(w.program.start_date, number)
    with clock.frozen(dt.datetime.combine(on, dt.time(9), dt.UTC)):
        yield on


def sign(w: World) -> None:
    w.problem()
    services.sign_problem(actor=w.bea, program=w.program, seat=Seat.BUSINESS_OWNER, number=1)
    services.sign_problem(actor=w.sponsor, program=w.program, seat=Seat.SPONSOR, number=1)


def raised() -> list[Entry]:
    return list(Entry.objects.filter(verb="risk.raised"))


def test_the_playbook_has_the_risk() -> None:
    assert WEAK_ANCHOR in {risk.slug for risk in default_playbook().risks}


def test_s29_on_day_11_a_tick_raises_it_once_and_says_why(w: World, risk: Risk) -> None:
    with day(w, 10):
        tick(), tick()
        assert raised() == []
    with day(w, 11):
        tick(), tick()
    with day(w, 12):
        tick()
    (entry,) = raised()
    assert (entry.actor_id, entry.subject_id, entry.program_id) == (None, risk.pk, w.program.pk)
    assert "not signed by business owner and sponsor" in entry.data["reason"]
    risk.refresh_from_db()
    assert risk.raised_at is not None
    assert risk.raised_at.date() == date_of_day(w.program.start_date, 11)
    assert risk.review_on == date_of_day(w.program.start_date, 11)


def test_s29_a_signed_statement_raises_nothing(w: World, risk: Risk) -> None:
    sign(w)
    with day(w, 11):
        tick()
    assert raised() == []


def test_s29_signed_or_closed_afterwards_it_stays_what_people_made_of_it(w: World, risk: Risk) -> None:
    with day(w, 11) as today:
        keep_day(w.program, today)
        close_risk(actor=w.sponsor, risk=risk, reason="We anchor it next week.")
    with day(w, 12) as today:
        keep_day(w.program, today)
    risk.refresh_from_db()
    assert risk.closed_at is not None
    assert len(raised()) == 1


def test_a_paused_program_and_one_without_the_risk_are_left_be(w: World, risk: Risk) -> None:
    with day(w, 11) as today:
        Program.objects.update(state="paused")
        assert keep_day(Program.objects.get(), today) is None
        Program.objects.update(state="active")
        Risk.objects.all().delete()
        assert keep_day(Program.objects.get(), today) is None
    assert raised() == []
