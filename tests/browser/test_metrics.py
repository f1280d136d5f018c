"""The metric pages as they are looked at: nothing sticks out at any width, axe finds nothing, keys and names work."""

import datetime as dt

import pytest

from core import clock
from tests.browser.conftest import LOOKS, Visit
from tests.metrics.world import NOW, World, world


@pytest.fixture
def measured(transactional_db: None) -> World:
    """Readings with a gap and a breach that waits for somebody."""
    with clock.frozen(NOW):
        made = world()
        made.send(*((24 * n + 1, str(58 + n * 7 % 13)) for n in range(2, 30) if not 10 < n < 18), (1, "31"))
        made.send((24 * 9, "12"), (48, "11"), slug="m-override")
    return made


def test_metric_pages_fit_and_are_accessible(measured: World, visit: Visit) -> None:
    home = f"{measured.program.get_absolute_url()}metrics/"
    paths = [home, f"{home}m-recall/", f"{home}m-recall/limits/", f"{home}add/", f"{home}import/", f"{home}keys/"]
    with clock.frozen(NOW + dt.timedelta(minutes=1)):
        visitor = visit(measured.manager)
        found = {path: faults for path in paths if (faults := visitor.open(path) and visitor.faults_at(*LOOKS))}
    assert found == {}


def test_a_picture_is_named_by_a_sentence_and_the_table_is_reached_by_key(measured: World, visit: Visit) -> None:
    with clock.frozen(NOW + dt.timedelta(minutes=1)):
        page = visit(measured.manager).open(measured.recall.get_absolute_url())
        assert page.get_by_role("img", name="Recall: ").first.get_attribute("aria-label", timeout=5000)
        page.get_by_role("link", name="The same as a table").focus()
        page.keyboard.press("Enter")
        assert page.url.endswith("#readings-h")
        assert page.get_by_role("cell", name="31", exact=True).count() == 1
