"""The main screens as they are looked at: three widths, light and dark; nothing sticks out, axe finds nothing."""

import datetime as dt

import pytest

from core import clock
from tests import factories
from tests.browser.conftest import Visit

DAY_37 = dt.datetime(2026, 11, 17, 9, tzinfo=dt.UTC)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_main_screens_fit_and_are_accessible(visit: Visit, width: int, dark: bool) -> None:
    """Mission control, my work, portfolio, criterion, gate, plan, launch; the console check is in `visit`."""
    program = factories.launched("claims-triage")
    manager = program.roles.get(slug="program-manager").holder
    home = program.get_absolute_url()
    criterion = program.criteria.filter(owner_role__slug="model-owner").earliest("due_day", "pk")
    paths = [home, "/work/", "/", criterion.get_absolute_url(), f"{home}plan/", "/programs/new/"]
    paths += [program.events.earliest("day").get_absolute_url(), f"{home}owners/", f"{home}reminders/"]
    paths += [f"{home}risks/", f"{home}risks/?view=map", f"{home}risks/new/", f"{home}risks/r-data-drift/"]
    found: dict[str, list[str]] = {}
    with clock.frozen(DAY_37):
        visitor = visit(manager, width=width, height=900 if width > 1000 else 844, dark=dark)
        for path in paths:
            visitor.open(path)
            faults = visitor.violations()
            if (over := visitor.overflow()) > 0:
                faults.append(f"{over} px wider than the window")
            if faults:
                found[path] = faults
    assert found == {}
