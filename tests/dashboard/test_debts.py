"""Mission control shows what gates leave open and the declared status beside the computed one (G7, G8, G15, G22)."""

import datetime as dt
import re

import pytest

from gates.services.declaring import declare_status
from phases.domain.status import Colour
from phases.models import Criterion
from tests.factories import sign_in
from tests.gates.world import GATE_DAY, World, conditional, decided, hear, hold, on, open_round, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    """A program with everything a gate needs, its one criterion out of the way."""
    made = world()
    Criterion.objects.filter(program=made.program).update(applicable=False)
    return made


def page(w: World, day: dt.date, who: str = "pat") -> str:
    """Mission control in words as somebody, else the program manager, sees it on a day."""
    with on(day):
        answer = sign_in(w.person(who)).get(f"/programs/{w.program.slug}/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_g22_views_that_are_waited_for_are_a_line_with_a_button(w: World) -> None:
    with on(GATE_DAY):
        open_round(w, heard=False)
    found = page(w, GATE_DAY)
    assert "Gate 1 waits for 3 views" in found
    assert "Give a view" not in found  # the manager keeps no gate
    assert "Give a view" in page(w, GATE_DAY, "rita")
    with on(GATE_DAY):
        hear(w)
    assert "waits for" not in page(w, GATE_DAY)


def test_g15_a_condition_is_a_line_from_a_week_before_it_is_due(w: World) -> None:
    with on(GATE_DAY):
        open_round(w)
        decided(w, conditional())
    assert "Condition of Gate 1" not in page(w, GATE_DAY)
    assert "Condition of Gate 1, due in 3 days" in page(w, GATE_DAY + dt.timedelta(days=7))
    assert "Condition of Gate 1" in page(w, GATE_DAY + dt.timedelta(days=11))


def test_g8_a_held_gate_is_not_overdue_until_its_review_has_passed(w: World) -> None:
    with on(GATE_DAY):
        open_round(w)
        decided(w, hold())
    found = page(w, GATE_DAY + dt.timedelta(days=5))
    assert "Gate 1 is on hold" in found
    assert "Gate 1 has no decision on record" not in found
    assert "Gate 1 is on hold, and the review has passed" in page(w, GATE_DAY + dt.timedelta(days=12))


def test_the_declared_status_stands_beside_the_computed_one(w: World) -> None:
    found = page(w, GATE_DAY)
    assert 'id="status-computed"' in found
    assert 'id="status-declared"' in found
    assert "Nobody has declared another status." in found
    with on(GATE_DAY):
        declare_status(actor=w.person("pat"), program=w.program, colour=Colour.GREY, reason="The vendor is leaving.")
    found = page(w, GATE_DAY)
    assert "Declared by Pat" in found
    assert "The vendor is leaving." in found
