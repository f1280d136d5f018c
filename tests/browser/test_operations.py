"""Operations in a browser while much is wrong: a refused mail, a held reminder, an engine paused by hand."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from core import clock
from reminders.enums import State
from reminders.models import Delivery, Mail
from reminders.services import copy_default_rules, tick
from tests import factories
from tests.browser.conftest import LOOKS, Visit


@pytest.mark.django_db(transaction=True)
def test_a_pause_is_seen_where_it_matters_and_operations_fit_and_are_accessible(visit: Visit) -> None:
    with clock.frozen(dt.datetime(2026, 1, 23, 8, tzinfo=dt.UTC)):
        built = factories.program("claims", start_date=dt.date(2026, 1, 5))
        copy_default_rules(built.program)
        tick()
        refused = Mail.objects.earliest("pk")
        Mail.objects.filter(pk=refused.pk).update(
            state=State.DEAD, reason="The server refused it for good: 550 unknown"
        )
        Delivery.objects.exclude(mail=refused).update(state=State.HELD, mail=None)
        desk, pat = visit(factories.user("boss", is_administrator=True)), visit(built.manager)
        page = desk.open("/operations/")
        expect(page.get_by_text("550 unknown")).to_be_visible()
        page.get_by_role("button", name="Pause the engine").click()
        expect(page.locator(".notice.r")).to_contain_text("paused it Fri 23 Jan")
        assert desk.faults_at(*LOOKS) == {}
        expect(pat.open("/").locator(".banner.a")).to_contain_text("an administrator has paused the engine")
        page.get_by_role("button", name="Let the engine run").click()
        expect(page.get_by_text("The engine runs again.")).to_be_visible()
        expect(pat.open("/").locator(".banner.a")).to_have_count(0)
        page.locator("#operations-now").get_by_role("link", name=built.program.name).click()
        expect(page.locator("#ledger .btn[aria-current]")).to_contain_text("Held for review")
