"""The portfolio: worst first, a sentence per program, a line that follows every change."""

import datetime as dt

import pytest

from core import clock
from dashboard import services
from dashboard.models import Standing
from dashboard.selectors.portfolio import Summary
from dashboard.views import _lines
from phases import services as phases
from programs.models import Program
from programs.querysets import visible_to
from tests import factories
from tests.dashboard.conftest import DAY_24
from tests.factories import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(day_24: dt.datetime) -> factories.User:
    return factories.user("ada", is_administrator=True)


def test_programs_in_need_come_first(built: factories.Built, administrator: factories.User) -> None:
    late = factories.program("zebra", start_date=dt.date(2025, 12, 1))
    page = sign_in(administrator).get("/").content.decode()
    assert page.index('href="/programs/zebra/"') < page.index('href="/programs/claims/"')
    assert "1 off track" in page or "not reported" in page
    assert Standing.objects.get(program=late.program).need > Standing.objects.get(program=built.program).need


def test_each_program_has_its_verdict_gaps_and_next_gate(built: factories.Built) -> None:
    page = sign_in(built.manager).get("/").content.decode()
    assert "Nothing is due yet, so nothing is known. Gate 1 in 6 days: 0 of 1 must-meets verified" in page
    assert "Gate 1" in page
    assert 'role="img" aria-label="Day 24 of 90, next Gate 1 on 3 Feb"' in page


def test_a_change_makes_the_line_stale_in_the_same_transaction(built: factories.Built) -> None:
    services.refresh([built.program])
    assert not services.stale(visible_to(built.manager)).exists()
    phases.complete_task(actor=built.owner, task=built.tasks["train"])
    assert list(services.stale(visible_to(built.manager))) == [built.program]


def test_a_line_is_good_until_midnight_of_the_program(built: factories.Built) -> None:
    services.refresh([built.program])
    good_until = Standing.objects.get().good_until
    assert good_until == dt.datetime(2026, 1, 28, 23, tzinfo=dt.UTC)  # midnight in Berlin
    with clock.frozen(good_until - dt.timedelta(seconds=1)):
        assert not services.stale(Program.objects.all()).exists()
    with clock.frozen(good_until):
        assert services.stale(Program.objects.all()).exists()


def test_a_filter_shows_one_colour_and_keeps_the_counts(built: factories.Built, administrator: factories.User) -> None:
    factories.program("second")
    browser = sign_in(administrator)
    assert 'href="/programs/claims/"' in browser.get("/?status=grey").content.decode()
    empty = browser.get("/?status=red").content.decode()
    assert 'href="/programs/claims/"' not in empty
    assert "2 programs: 2 not reported." in empty


@pytest.mark.parametrize("query", ["?page=99", "?page=x", "?status=purple"])
def test_nonsense_in_the_address_shows_a_page(built: factories.Built, query: str) -> None:
    assert 'href="/programs/claims/"' in sign_in(built.manager).get(f"/{query}").content.decode()


def test_more_than_fifty_programs_are_paged(administrator: factories.User) -> None:
    first = factories.program("claims").program
    rows = []
    for number in range(55):
        copy = Program.objects.get(pk=first.pk)
        copy.pk, copy.slug, copy.name = None, f"copy-{number}", f"Copy {number:02}"
        rows.append(copy)
    Program.objects.bulk_create(rows)
    browser = sign_in(administrator)
    page = browser.get("/").content.decode()
    assert page.count('<li class="prow">') == 50
    assert "Page 1 of 2" in page
    assert browser.get("/?page=2").content.decode().count('<li class="prow">') == 6


def test_programs_launched_by_the_hundred_are_listed_before_their_lines_are_kept(
    built: factories.Built, administrator: factories.User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found with 2,000 programs on PostgreSQL: one without a line yet stood first and was a 500."""
    monkeypatch.setattr(_lines, "AT_ONCE", 0)
    browser = sign_in(administrator)
    assert browser.get("/").content.decode().count('<li class="prow">') == 1
    assert browser.get("/status/").status_code == 200
    Standing.objects.all().delete()
    assert built.program.name in browser.get("/status/").content.decode()


def test_a_paused_program_says_so_instead_of_a_colour(built: factories.Built) -> None:
    Program.objects.filter(pk=built.program.pk).update(state="paused")
    assert "Paused</span>" in sign_in(built.manager).get("/").content.decode()


def test_the_summary_names_only_colours_there_are() -> None:
    assert Summary(3, {"red": 1, "green": 2}).words() == "3 programs: 1 off track, 2 on track."
    assert Summary(1, {"grey": 1}).words() == "1 program: 1 not reported."


def test_day_words_before_and_after_the_ninety_days(built: factories.Built) -> None:
    browser = sign_in(built.manager)
    with clock.frozen(dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)):
        assert "starts 5 Jan" in browser.get("/").content.decode()
    with clock.frozen(DAY_24 + dt.timedelta(days=100)):
        assert "<b>over</b>" in browser.get("/").content.decode()


def test_examples_are_removed_with_one_press_by_whoever_may_launch(built: factories.Built) -> None:
    Program.objects.filter(pk=built.program.pk).update(is_example=True)
    button = 'action="/examples/remove/"'
    assert button not in sign_in(built.owner).get("/").content.decode()
    browser = sign_in(built.manager)
    page = browser.get("/").content.decode()
    assert '<span class="tag">example</span>' in page
    assert button in page
    browser.post("/examples/remove/")
    assert not Program.objects.filter(pk=built.program.pk).exists()
    assert "No programs yet" in browser.get("/").content.decode()
