"""Readiness, formula version 1: the worked example of the rules file, and what holds for every input."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from phases.domain.readiness import CriterionFact, Proof, Scoring, readiness, rounded

PLAYBOOK = Path(__file__).parents[2] / "playbooks" / "data" / "poc-to-production-90.yaml"
SCORING = Scoring.from_data(
    {
        "version": 1,
        "weight": {"must": 3, "should": 1},
        "credit": {"verified_fresh": 1.0, "evidence_unverified": 0.5, "stale": 0.5, "none": 0.0, "waived": 0.0},
    }
)
DATA_RIGHTS, OWNERS, SECURITY = "g30-data-rights", "g30-interim-owners", "g30-security-engaged"


def day_24() -> list[CriterionFact]:
    """Gate 30 of the built-in playbook at tier 2 on day 24, as the rules file tells it.

    All due by day 20 verified, but security has unverified evidence and the interim owners nothing; data rights are
    missing; what is due on days 21 to 24 has unverified evidence.
    """
    criteria = yaml.safe_load(PLAYBOOK.read_text(encoding="utf-8"))["criteria"]
    return [
        CriterionFact(
            slug=c["slug"],
            dimension=c["dimension"],
            level="must" if c["class"] in ("M", "M12") else "should",
            due_day=c["due_day"],
            proof=_proof(c["slug"], c["due_day"]),
        )
        for c in criteria
        if c["event"] == "gate-30"
    ]


def _proof(slug: str, due_day: int) -> Proof:
    if slug in (DATA_RIGHTS, OWNERS) or due_day > 24:
        return Proof.NONE
    return Proof.EVIDENCE_UNVERIFIED if slug == SECURITY or due_day > 20 else Proof.VERIFIED_FRESH


def test_worked_example_gives_exactly_its_table() -> None:
    found = readiness(day_24(), day=24, scoring=SCORING)
    table = {
        row.dimension: (row.criteria, row.weight, row.credit, row.points, row.verified_points)
        for row in found.dimensions
    }
    assert table == {
        "value": (5, 11, Fraction(21, 2), 95, 91),
        "data": (4, 12, 3, 25, 25),
        "assurance": (1, 3, 3, 100, 100),
        "security": (2, 6, Fraction(9, 2), 75, 50),
        "governance": (5, 13, Fraction(25, 2), 96, 92),
        "operations": (1, 1, Fraction(1, 2), 50, 0),
        "cost": (1, 1, Fraction(1, 2), 50, 0),
        "ownership": (1, 3, 0, 0, 0),
        "people": (2, 4, 1, 25, 25),
    }


def test_worked_example_leads_with_the_weakest_and_says_the_pace() -> None:
    found = readiness(day_24(), day=24, scoring=SCORING)
    assert (found.points, found.weakest.dimension, found.average) == (0, "ownership", 57)
    assert (found.credit, found.weight, found.weight_due) == (Fraction(71, 2), 54, 45)
    assert found.pace_text == "0.79"


def test_nothing_counted_is_not_known_rather_than_good() -> None:
    found = readiness([], day=24, scoring=SCORING)
    assert (found.points, found.weakest, found.average, found.pace, found.pace_text) == (None, None, None, None, "–")


def test_before_anything_is_due_there_is_no_pace() -> None:
    found = readiness([CriterionFact("a", "data", "must", 20, Proof.NONE)], day=19, scoring=SCORING)
    assert (found.points, found.pace) == (0, None)


def test_g4_waived_earns_nothing() -> None:
    found = readiness([CriterionFact("a", "data", "must", 5, Proof.WAIVED)], day=9, scoring=SCORING)
    assert (found.points, found.weight) == (0, 3)


def test_stale_earns_as_much_as_unverified() -> None:
    for proof in (Proof.STALE, Proof.EVIDENCE_UNVERIFIED):
        assert readiness([CriterionFact("a", "data", "must", 5, proof)], day=9, scoring=SCORING).points == 50


def test_a_playbook_without_a_constant_is_refused() -> None:
    with pytest.raises(KeyError):
        Scoring.from_data({"version": 1, "weight": {"must": 3}, "credit": {"none": 0}})
    with pytest.raises(ValueError, match="weight and credit"):
        Scoring.from_data({"version": 1, "weight": 3, "credit": {}})


@pytest.mark.parametrize(("value", "points"), [("62.5", 63), ("62.49", 62), ("0.5", 1), ("-0.5", -1), ("100", 100)])
def test_half_points_round_up(value: str, points: int) -> None:
    assert rounded(Fraction(value)) == points


FACTS = st.lists(
    st.builds(
        CriterionFact,
        slug=st.uuids().map(str),
        dimension=st.sampled_from(["value", "data", "security", "cost"]),
        level=st.sampled_from(["must", "should"]),
        due_day=st.integers(1, 90),
        proof=st.sampled_from(list(Proof)),
    ),
    min_size=1,
    max_size=25,
)


@given(FACTS, st.integers(1, 90))
def test_never_above_the_weakest_and_never_above_the_average(facts: list[CriterionFact], day: int) -> None:
    found = readiness(facts, day=day, scoring=SCORING)
    assert found.points == min(row.points for row in found.dimensions)
    assert found.points <= found.average
    assert all(0 <= row.verified <= row.score <= 100 for row in found.dimensions)


@given(FACTS, st.integers(1, 90), st.randoms(use_true_random=False))
def test_the_order_of_criteria_does_not_matter(facts: list[CriterionFact], day: int, random) -> None:
    other = list(facts)
    random.shuffle(other)
    assert readiness(facts, day=day, scoring=SCORING) == readiness(other, day=day, scoring=SCORING)


@given(FACTS, st.integers(1, 90), st.data())
def test_more_proof_never_lowers_anything(facts: list[CriterionFact], day: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(facts) - 1))
    one = facts[index]
    better = [*facts[:index], CriterionFact(**{**vars(one), "proof": Proof.VERIFIED_FRESH}), *facts[index + 1 :]]
    before, after = (readiness(rows, day=day, scoring=SCORING) for rows in (facts, better))
    assert after.points >= before.points
    assert after.average >= before.average
    assert after.verified_average >= before.verified_average
    assert (after.pace or 0) >= (before.pace or 0)


@given(FACTS, st.integers(1, 89))
def test_time_alone_never_raises_the_pace(facts: list[CriterionFact], day: int) -> None:
    today, tomorrow = (readiness(facts, day=d, scoring=SCORING) for d in (day, day + 1))
    assert today.pace is None or tomorrow.pace <= today.pace


@given(FACTS, st.integers(1, 90), st.integers(0, 24))
def test_g4_waiving_anything_never_raises_anything(facts: list[CriterionFact], day: int, chosen: int) -> None:
    """A waiver earns what no proof earns: nothing."""
    index = chosen % len(facts)

    def with_(proof: Proof) -> list[CriterionFact]:
        return [*facts[:index], CriterionFact(**{**vars(facts[index]), "proof": proof}), *facts[index + 1 :]]

    rows = (facts, with_(Proof.WAIVED), with_(Proof.NONE))
    before, waived, bare = (readiness(each, day=day, scoring=SCORING) for each in rows)
    assert waived == bare
    assert waived.points <= before.points
    assert waived.average <= before.average
