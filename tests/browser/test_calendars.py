"""Calendars in a browser: one's own, a program's and a portfolio's, with a feed just made and an hour just set."""

import datetime as dt

import pytest

from core import clock
from tests import factories
from tests.browser.conftest import LOOKS, Visit

NOW = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)


@pytest.mark.django_db(transaction=True)
def test_calendars_fit_and_are_accessible_and_stand_under_the_tabs_of_their_program(visit: Visit) -> None:
    built = factories.program("claims")
    assert built.program.portfolio is not None
    home = f"{built.program.get_absolute_url()}calendars/"
    pages = {"/profile/calendars/": "", home: "Reminders", f"{home}gate-30/": "Reminders"}
    with clock.frozen(NOW):
        pat = visit(built.manager)
        for path, tab in pages.items():
            page = pat.open(path)
            assert [link.inner_text() for link in page.locator(".tabs [aria-current]").all()] == [tab] * bool(tab), path
            if path.endswith("gate-30/"):
                page.get_by_label("Begins at").fill("14:30")
                page.get_by_role("button", name="Save").click()
                assert "14:30, 60 minutes" in page.locator("#h-reviews").locator("xpath=../..").inner_text()
                pat.open(path)
            else:
                page.get_by_label("Which calendar it is for").fill("Phone")
                page.get_by_role("button", name="Make the address").click()
                assert "/calendar/" in page.locator("code.once").inner_text()
            assert pat.faults_at(*LOOKS) == {}, path
        ada = visit(factories.user("ada", is_administrator=True))
        ada.open(f"/portfolios/{built.program.portfolio.slug}/calendars/")
        assert ada.faults_at(*LOOKS) == {}
