"""The reminders page in a browser: a mail opens under its day, the ledger narrows in place, and all without script."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from core import clock
from reminders.services import copy_default_rules, tick
from tests import factories
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/programs/claims/reminders/"


def test_rule_8_mails_open_and_the_ledger_narrows_in_place(visit: Visit) -> None:
    with clock.frozen(dt.datetime(2026, 1, 23, 8, tzinfo=dt.UTC)):
        built = factories.program("claims", start_date=dt.date(2026, 1, 5))
        copy_default_rules(built.program)
        tick()
        for width in (1440, 390):
            desk = visit(built.manager, width=width)
            page = desk.open(PAGE)
            page.get_by_role("button", name="Mia.Claims").first.click()
            expect(page.locator(".ahead .ev h3").first).to_be_focused()
            page.get_by_label("Words in its title").fill("train")
            page.locator("#ledger-form button").click()
            expect(page.get_by_role("link", name="Remove Words in its title: train")).to_be_visible()
            assert "q=train" in page.url
            expect(page.locator(".ahead .ev h3").first).to_be_visible()
            page.get_by_role("link", name="Ledger", exact=True).click()
            expect(page.get_by_role("heading", name="Ledger")).to_be_in_viewport()
            page.get_by_role("button", name="Look 30 days ahead").click()
            expect(page.get_by_role("heading", name="The next 30 days")).to_be_visible()
            assert "ahead=30" in page.url
            assert "q=train" in page.url
            page.get_by_role("button", name="Only the next 7 days").click()
            expect(page.get_by_role("heading", name="The next 7 days")).to_be_visible()
            assert desk.overflow() <= 0
            assert desk.violations() == []
        plain = visit(built.manager, scripts=False).open(PAGE)
        plain.get_by_role("button", name="Mia.Claims").first.click()
        expect(plain.locator(".ahead .ev h3")).to_have_count(1)
