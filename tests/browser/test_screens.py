"""The main screens as they are looked at, wide and narrow, light and dark; nothing sticks out, axe finds nothing."""

import datetime as dt

import pytest

from core import clock
from tests import factories
from tests.browser.conftest import LOOKS, Visit

DAY_37 = dt.datetime(2026, 11, 17, 9, tzinfo=dt.UTC)


@pytest.mark.django_db(transaction=True)
def test_main_screens_fit_and_are_accessible(visit: Visit) -> None:
    """Mission control, my work, portfolio, criterion, gate, plan, launch; the console check is in `visit`."""
    program = factories.launched("claims-triage")
    manager = program.roles.get(slug="program-manager").holder
    home = program.get_absolute_url()
    criterion = program.criteria.filter(owner_role__slug="model-owner").earliest("due_day", "pk")
    paths = [home, "/work/", "/", criterion.get_absolute_url(), f"{home}plan/", "/programs/new/"]
    paths += [program.events.earliest("day").get_absolute_url(), f"{home}owners/", f"{home}reminders/"]
    paths += [f"{home}risks/", f"{home}risks/?view=map", f"{home}risks/new/", f"{home}risks/r-data-drift/"]
    with clock.frozen(DAY_37):
        visitor = visit(manager)
        found = {path: faults for path in paths if (faults := visitor.open(path) and visitor.faults_at(*LOOKS))}
    assert found == {}
