"""Reminders of the charter through the engine: planned from rows, told to the right person, silent once given."""

import datetime as dt
from email import message_from_bytes
from email.policy import default

import pytest

from charter import services
from charter.enums import DependencyState, Seat
from core import clock
from reminders.enums import State
from reminders.models import Delivery, Mail
from reminders.services import copy_default_rules, tick
from reminders.services.lookups import Lookups
from reminders.services.rendering import render
from tests.charter.world import NOW, TODAY, World


@pytest.fixture
def r(w: World) -> World:
    """The program with the default rules."""
    copy_default_rules(w.program)
    return w


def about(kind: str, state: State = State.QUEUED) -> set[str]:
    """First names of those whom a reminder of this kind is for."""
    rows = Delivery.objects.filter(item_kind=kind, state=state).select_related("user")
    return {row.user.email.split(".")[0] for row in rows}


def still(kind: str) -> set[str]:
    """Why what waits would not leave: the last look before sending."""
    rows = list(Delivery.objects.filter(item_kind=kind, state=State.QUEUED).select_related("program", "user"))
    known = Lookups(rows)
    return {known.why_not(row, row.not_before) for row in rows}


def test_s28_both_signatures_are_asked_for_until_they_are_given(r: World) -> None:
    r.problem()
    tick()
    assert about("signature") == {"bea", "sam"}
    services.sign_problem(actor=r.bea, program=r.program, seat=Seat.BUSINESS_OWNER, number=1)
    assert still("signature") == {"", "Done before it was due to be sent"}
    tick()
    assert (about("signature"), about("signature", State.CANCELLED)) == ({"sam"}, {"bea"})
    r.problem(reason="New.", target="Half a day")
    assert still("signature") == {"Done before it was due to be sent"}
    tick()
    assert about("signature") == {"bea", "sam"}


def test_s42_groups_that_have_not_acknowledged_are_asked_through_who_speaks_for_them(r: World) -> None:
    r.brief()
    with clock.frozen(NOW + dt.timedelta(days=1)):
        tick()
        assert about("brief") == {"mia", "sam"}
        services.acknowledge(actor=r.owner, program=r.program, group=r.groups["sg-ds"], number=1)
        assert "Done before it was due to be sent" in still("brief")
        tick()
        assert about("brief") == {"sam"}


def test_s41_an_overdue_contact_reminds_who_keeps_the_group_until_it_is_logged(r: World) -> None:
    r.contact("sg-ds", TODAY - dt.timedelta(days=7))
    tick()
    row = Delivery.objects.get(item_slug="sg-ds", state=State.QUEUED)
    assert (row.user, row.due_date, row.occurrence) == (r.owner, TODAY, "+1")
    r.contact("sg-ds")
    assert Lookups([row]).why_not(row, row.not_before).startswith("The date moved")
    tick()
    assert not Delivery.objects.filter(item_slug="sg-ds", state=State.QUEUED).exists()


def test_s37_a_gap_reminds_before_day_45_although_its_plan_is_later(r: World) -> None:
    gap = r.gap(r.source(), due_date=dt.date(2026, 3, 20))
    with clock.frozen(dt.datetime(2026, 2, 16, 9, tzinfo=dt.UTC)):
        tick()
        row = Delivery.objects.get(item_kind="data-gap", state=State.QUEUED)
        assert (row.user, row.due_date, row.occurrence) == (r.owner, dt.date(2026, 2, 18), "T-1")
        services.close_gap(actor=r.owner, gap=gap, resolution="Loaded.")
        assert still("data-gap") == {"Done before it was due to be sent"}


def test_s81_a_dependency_reminds_who_looks_after_it(r: World) -> None:
    row = r.dependency(needed_by=TODAY + dt.timedelta(days=1))
    tick()
    assert about("dependency") == {"mia"}
    facts = r.wait_facts(needed_by=TODAY + dt.timedelta(days=1), state=DependencyState.DELIVERED)
    services.change_dependency(actor=r.owner, dependency=row, facts=facts)
    assert still("dependency") == {"Done before it was due to be sent"}


def test_each_mail_leads_to_the_page_where_it_is_given(r: World) -> None:
    r.problem()
    r.brief()
    r.contact("sg-ds", TODAY - dt.timedelta(days=8))
    r.dependency(needed_by=TODAY)
    r.gap(r.source(), due_date=TODAY)
    with clock.frozen(NOW + dt.timedelta(days=2)):
        tick()
        rows = list(Delivery.objects.select_related("program", "user").exclude(state=State.EXPIRED))
        mail = Mail(user=r.owner, address=r.owner.email, message_id="<1@example.org>")
        _, raw = render(mail, rows, clock.now(), Lookups(rows))
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    parts = ("problem/", "brief/", "stakeholders/sg-ds/", "dependencies/1/", "data/1/")
    assert [part for part in parts if f"/programs/alpha/charter/{part}" not in text] == []
    assert "Read and sign" in text
