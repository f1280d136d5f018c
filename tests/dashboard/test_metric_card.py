"""The metrics card of mission control: worst first, as each metric's own page shows it, and no query of its own."""

import datetime as dt

import pytest

from core import clock
from dashboard.selectors.metric_card import metric_card
from gates.selectors.ledger import Ledger, load_ledger
from metrics.selectors.tiles import tiles_of
from programs.selectors import cast_of
from tests.dashboard.test_mission import get, part
from tests.factories import sign_in
from tests.metrics.world import NOW, World, metric, world


@pytest.fixture
def w(db: None) -> World:
    with clock.frozen(NOW):
        return world("claims")


def ledger(w: World) -> Ledger:
    return load_ledger(w.program, NOW.date())


def test_the_worst_metric_comes_first_and_a_silent_one_is_counted_not_drawn(w: World) -> None:
    metric(w.built, "m-fine", name="Fine", position=2)
    metric(w.built, "m-quiet", name="Quiet", position=3)
    with clock.frozen(NOW):
        w.send((1, "72"), slug="m-fine")
        w.send((1, "31"))
        w.send((2, "30"), slug="m-override")
        card = metric_card(ledger(w))
    assert (card.total, card.silent) == (4, 1)
    assert [tile.name for tile in card.tiles] == ["Recall", "Override", "Fine"]
    assert [tile.look.colour for tile in card.tiles] == ["red", "red", "green"]


@pytest.mark.parametrize("value", ["72", "55", "31", "12"])
@pytest.mark.parametrize("days", [0, 3, 9])
def test_a_metric_looks_as_it_does_on_its_own_page(w: World, value: str, days: int) -> None:
    with clock.frozen(NOW):
        w.send((1, value))
    with clock.frozen(NOW + dt.timedelta(days=days)):
        today = clock.today(w.program.time_zone)
        tile = next(t for t in tiles_of(w.program, cast_of(w.program), today) if t.metric.slug == "m-recall")
        drawn = metric_card(load_ledger(w.program, today)).tiles[0]
    assert (drawn.look, drawn.value, drawn.target) == (tile.look, tile.value, tile.target)


def test_the_card_is_on_the_page_with_a_link_and_says_when_nothing_reports(w: World) -> None:
    with clock.frozen(NOW):
        browser = sign_in(w.manager)
        assert "Nothing reports yet" in part(get(browser), "metrics-card")
        w.send((1, "12"))
        page = get(browser)
    assert "2 metrics, 1 without a reading yet" in part(page, "metrics-card")
    assert "Recall 12 %" in part(page, "metrics-card")
    assert 'href="metrics/m-recall/"' in page
