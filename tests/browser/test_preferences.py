"""Rules and wishes are previewed and saved, without script too, and a person's own pages hold at both widths."""

import datetime as dt

import pytest

from core import clock
from reminders.enums import RuleSlug
from reminders.services import copy_default_rules
from reminders.services.unsubscribing import key_for
from tests import factories
from tests.browser.conftest import LOOKS, Visit

NOW = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)
RULES = "/programs/alpha/reminders/rules/"


@pytest.mark.django_db(transaction=True)
def test_rule_preview_and_own_pages_without_script(visit: Visit) -> None:
    built = factories.program("alpha")
    copy_default_rules(built.program)
    pat = built.manager
    with clock.frozen(NOW):
        phone = visit(pat, width=390, dark=True, scripts=False)
        page = phone.open(f"{RULES}item-due/")
        page.get_by_label("Working days before").fill("3, 1")
        page.get_by_role("button", name="Show what changes").click()
        assert "fall away" in page.locator("h1").inner_text()
        assert phone.overflow() <= 0
        page.get_by_role("button", name="Save the rule").click()
        assert "3 and 1 working days before" in page.locator("#item-due").inner_text()
        assert phone.overflow() <= 0

        wide = visit(pat)
        for path in (RULES, "/profile/reminders/"):
            wide.open(path)
            assert (wide.overflow() <= 0, wide.violations()) == (True, []), path
        wide.page.get_by_label("Friday").check()
        wide.page.get_by_label("Work due").select_option("last")
        wide.page.get_by_role("button", name="Preview").click()
        assert "falls away" in wide.page.locator("h1").inner_text()
        assert wide.faults_at(*LOOKS) == {}
        wide.page.get_by_role("button", name="Change the fields").click()
        assert wide.page.get_by_label("Work due").input_value() == "last"
        wide.page.get_by_role("button", name="Preview").click()
        wide.page.get_by_role("button", name="Save").click()
        assert wide.page.get_by_label("Friday").is_checked()

        phone.open("/profile/")
        phone.page.get_by_label("First day away").fill("2026-01-30")
        phone.page.get_by_label("Last day away").fill("2026-01-30")
        phone.page.get_by_role("button", name="who gets your mail").click()
        assert "Dee.Alpha, Deputy" in phone.page.locator("#h-gone").locator("xpath=../..").inner_text()
        phone.page.get_by_role("button", name="Save").click()
        assert "Fri 30 Jan" in phone.page.locator("#absences").inner_text()

        anybody = visit(None, width=390)
        anybody.open(f"/u/{key_for(pat.pk, [RuleSlug.GATE_AHEAD, RuleSlug.ITEM_DUE])}")
        assert (anybody.overflow() <= 0, anybody.violations()) == (True, [])
        anybody.page.get_by_role("button", name="Stop them").click()
        assert "Done" in anybody.page.locator("h1").inner_text()
