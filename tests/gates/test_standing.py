"""Each colour rule that needs waivers, conditions, holds, acceptances and risks, triggered alone; and readiness by
properties: monotone in verified evidence, never above the weakest dimension, nothing for a waiver, order irrelevant.
"""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.domain.conditions import Standing
from gates.domain.drift import Drift, Stage
from gates.domain.facts import RiskFact
from gates.domain.limits import Limits
from gates.domain.standing import GateStanding, combine, extra_rules
from phases.domain.readiness import CriterionFact, Proof, Readiness, Scoring, readiness
from phases.domain.status import Colour, Rule, Status
from tests.gates.world import LIMITS, RISK_SCALE, SCORING

TODAY = dt.date(2026, 3, 2)
OWN = Limits.from_data(LIMITS, SCORING, RISK_SCALE)
GREEN = Status(Colour.GREEN, ())
HIGH = RiskFact("r", "Drift", 15)


def standing(**fields: Any) -> GateStanding:
    return GateStanding(**{"today": TODAY, "day": 57, "limits": OWN, **fields})


def test_nothing_to_tell_leaves_green() -> None:
    assert extra_rules(standing()) == ()
    assert combine(GREEN, ()).colour is Colour.GREEN


@pytest.mark.parametrize(
    ("fields", "slug", "colour"),
    [
        ({"active_waivers": ("Bias",)}, "waiver-active", Colour.AMBER),
        ({"conditions": (("Retest", Standing.OPEN),)}, "condition-open", Colour.AMBER),
        ({"conditions": (("Retest", Standing.OVERDUE),)}, "condition-overdue", Colour.RED),
        ({"conditions": (("Retest", Standing.LAPSED),)}, "condition-overdue", Colour.RED),
        ({"expired_waivers": ("Bias",)}, "waiver-expired", Colour.RED),
        ({"expired_acceptances": ("Drift",)}, "acceptance-expired", Colour.RED),
        ({"drift": Drift(6, Stage.ESCALATED, held=True)}, "hold-expired", Colour.RED),
        ({"risks": (RiskFact("r", "Drift", 15, has_date=False),)}, "risk-above-tolerance", Colour.RED),
        ({"risks": (RiskFact("r", "Drift", 15, response_late=True),)}, "risk-above-tolerance", Colour.RED),
        ({"risks": (RiskFact("r", "Drift", 10, review_on=dt.date(2026, 3, 1)),)}, "risk-review-late", Colour.AMBER),
        ({"broken_tolerances": ("Cost",)}, "tolerance-broken", Colour.RED),
        ({"metrics_silent": ("Recall",)}, "metric-silent", Colour.GREY),
        ({"metrics_late": ("Recall",)}, "metric-critical", Colour.RED),
        ({"metrics_breached": ("Recall", "Cost", "Use", "Drift")}, "metric-breached", Colour.AMBER),
        ({"unanswered_escalations": ("Outage",)}, "escalation-unanswered", Colour.RED),
        ({"empty_rungs": ("Outage",)}, "escalation-gap", Colour.AMBER),
    ],
)
def test_each_rule_alone_sets_its_colour(fields: dict[str, Any], slug: str, colour: Colour) -> None:
    fired = extra_rules(standing(**fields))
    assert [(rule.slug, rule.colour) for rule in fired] == [(slug, colour)]
    assert combine(GREEN, fired).colour is colour
    assert combine(GREEN, fired).sentence.endswith(".")


@pytest.mark.parametrize(
    "fields",
    [
        {"conditions": (("Retest", Standing.CLOSED),)},
        {"drift": Drift(5, Stage.OVERDUE, held=True)},
        {"drift": Drift(6, Stage.ESCALATED, held=False)},
        {"risks": (HIGH,)},
        {"risks": (RiskFact("r", "Drift", 10, review_on=TODAY),)},
        {"risks": (RiskFact("r", "Drift", 9, review_on=dt.date(2026, 3, 1)),)},
        {"risks": (RiskFact("r", "Drift", 12, has_date=False),)},
        {"risks": (RiskFact("r", "Drift", 15, has_date=False),), "day": 45},
        {"risks": (RiskFact("r", "Drift", 15, has_date=False, accepted_until=TODAY, accepted_score=15),)},
    ],
)
def test_what_is_in_order_fires_nothing(fields: dict[str, Any]) -> None:
    assert extra_rules(standing(**fields)) == ()


def test_the_worst_colour_leads_and_grey_is_the_worst() -> None:
    grey, red = Rule(Colour.GREY, "g", "Unknown."), Rule(Colour.RED, "r", "Bad.")
    found = combine(Status(Colour.GREY, (grey,)), [red])
    assert [rule.slug for rule in found.rules] == ["g", "r"]
    assert combine(Status(Colour.AMBER, (Rule(Colour.AMBER, "a", "A."),)), [red]).colour is Colour.RED


SCORES = Scoring.from_data(SCORING)
CRITERIA = st.lists(
    st.builds(
        CriterionFact,
        slug=st.text(alphabet="abcdef", min_size=1, max_size=4),
        dimension=st.sampled_from(["value", "data", "ownership"]),
        level=st.sampled_from(["must", "should"]),
        due_day=st.integers(1, 90),
        proof=st.sampled_from(Proof),
    ),
    min_size=1,
    max_size=12,
)


def with_proof(fact: CriterionFact, proof: Proof) -> CriterionFact:
    return CriterionFact(fact.slug, fact.dimension, fact.level, fact.due_day, proof)


def read(facts: list[CriterionFact]) -> Readiness:
    return readiness(facts, day=30, scoring=SCORES)


@given(CRITERIA, st.data())
def test_verifying_one_more_criterion_never_lowers_readiness(facts: list[CriterionFact], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(facts) - 1))
    better = [with_proof(f, Proof.VERIFIED_FRESH) if i == index else f for i, f in enumerate(facts)]
    before, after = read(facts), read(better)
    assert before.weakest
    assert after.weakest
    assert after.weakest.score >= before.weakest.score
    assert after.credit >= before.credit


@given(CRITERIA)
def test_readiness_is_the_weakest_dimension_and_never_above_any(facts: list[CriterionFact]) -> None:
    found = read(facts)
    assert found.weakest
    assert all(found.weakest.score <= row.score for row in found.dimensions)
    assert found.average is not None
    assert found.points is not None
    assert found.points <= found.average
    assert all(row.verified <= row.score for row in found.dimensions)


@given(CRITERIA)
def test_g04_waiving_everything_that_is_not_verified_earns_nothing(facts: list[CriterionFact]) -> None:
    def bare(to: Proof) -> list[CriterionFact]:
        return [f if f.proof is Proof.VERIFIED_FRESH else with_proof(f, to) for f in facts]

    assert read(bare(Proof.WAIVED)) == read(bare(Proof.NONE))


@given(CRITERIA, st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(facts: list[CriterionFact], random: Any) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert read(shuffled) == read(facts)
