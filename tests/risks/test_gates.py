"""What gates and the computed status make of the register: gate 60 names each untreated risk (S58), late reviews."""

import datetime as dt

import pytest

from core import clock
from dashboard.selectors.risk_card import risk_card
from gates.selectors.facts import gate_verdict
from gates.selectors.ledger import load_ledger
from gates.selectors.reading import read_program
from phases.enums import Outcome
from phases.selectors import load_plan
from programs.models import Role
from risks import services
from risks.models import EscalationLevel, MitigationAction, Risk
from tests.gates import world as build
from tests.gates.world import World

GATE_60 = dt.date(2026, 3, 5)


def causes(w: World, slug: str = "gate-60", word: Outcome = Outcome.GO) -> list[str]:
    plan, ledger = load_plan(w.program), load_ledger(w.program, GATE_60)
    found = gate_verdict(w.event(slug), plan, ledger).of(word).causes
    return [cause for cause in found if "Risk “" in cause]


@pytest.fixture
def moderate(w: World) -> Risk:
    """A moderate risk with a dated action, an owner and a path with a rung."""
    return build.risk(w, likelihood=3, impact=3, dated=True)


def test_s58_a_treated_moderate_risk_does_not_stand_in_the_way(w: World, moderate: Risk) -> None:
    assert causes(w) == []


def test_s58_gate_60_names_each_risk_that_lacks_actions_dates_path_or_owner(w: World, moderate: Risk) -> None:
    build.risk(w, "undated", likelihood=3, impact=3)
    build.risk(w, "small", likelihood=2, impact=2)
    MitigationAction.objects.filter(risk__slug="small").delete()
    MitigationAction.objects.filter(risk=moderate).delete()
    named = [
        "Risk “The drift comes true” (9, moderate) needs a mitigation action (S58).",
        "Risk “The undated comes true” (9, moderate) needs a date for its open action (S58).",
    ]
    assert causes(w) == named
    assert causes(w, word=Outcome.CONDITIONAL_GO) == named
    assert causes(w, "gate-30") == []
    EscalationLevel.objects.all().delete()
    assert "a mitigation action and an escalation path (S58)" in causes(w)[0]
    Role.objects.filter(slug="model-owner").update(holder=None, vacant_since=GATE_60)
    assert "an owner, a mitigation action and an escalation path" in causes(w)[0]


def test_s58_the_gate_opens_once_the_date_is_agreed_or_the_action_done(w: World, moderate: Risk) -> None:
    MitigationAction.objects.update(due_date=None)
    assert len(causes(w)) == 1
    with build.on(GATE_60):
        services.date_action(actor=w.person("mia"), action=moderate.actions.get(), due_date=GATE_60)
    assert causes(w) == []
    MitigationAction.objects.update(due_date=None, done_at=clock.now(), proof="Report")
    assert causes(w) == []


@pytest.mark.parametrize(("score", "late", "fires"), [(10, 1, True), (10, 0, False), (9, 1, False)])
def test_a_high_risk_past_its_review_date_is_amber_and_named(w: World, score: int, late: int, fires: bool) -> None:
    build.risk(w, likelihood=2 if score == 10 else 3, impact=5 if score == 10 else 3, dated=True)
    Risk.objects.update(review_on=GATE_60 - dt.timedelta(days=late))
    plan, ledger = load_plan(w.program), load_ledger(w.program, GATE_60)
    reading = read_program(plan, today=GATE_60, last_update=None, ledger=ledger)
    found = [rule.sentence for rule in reading.status.rules if rule.slug == "risk-review-late"]
    assert found == (["A high risk is past its review date: The drift comes true."] if fires else [])


def test_a_late_review_of_a_risk_of_a_later_phase_says_nothing_yet(w: World) -> None:
    build.risk(w, dated=True)
    Risk.objects.update(review_on=dt.date(2026, 1, 6), raise_from_phase="phase-3")
    plan, ledger = load_plan(w.program), load_ledger(w.program, GATE_60)
    reading = read_program(plan, today=GATE_60, last_update=None, ledger=ledger)
    assert "risk-review-late" not in {rule.slug for rule in reading.status.rules}


def test_mission_control_shows_the_worst_three_that_count_and_where_each_cell_leads(w: World) -> None:
    for number in range(4):
        build.risk(w, f"r{number}", likelihood=number + 1, impact=5)
    build.risk(w, "later")
    Risk.objects.filter(slug="later").update(raise_from_phase="phase-3")
    card = risk_card(load_plan(w.program), load_ledger(w.program, GATE_60))
    assert (card.open, card.above) == (4, 2)
    assert [(risk.slug, shade) for risk, shade, _ in card.worst] == [("r3", 4), ("r2", 4), ("r1", 3)]
    cells = {cell.href: cell.count for _, _, row in card.heat for cell in row if cell.count}
    assert cells["risks/?likelihood=4&impact=5"] == 1
    assert sum(cells.values()) == 4
