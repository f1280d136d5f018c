"""Which decisions are open: rules G1 to G6, by table, without a database."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from gates.domain import separation
from gates.domain.contents import Surroundings, faults
from gates.domain.deciding import verdict, words_of
from gates.domain.facts import CriterionFact, GateFacts, Kind, RiskFact, Seat
from gates.domain.limits import Limits
from gates.enums import Open, View
from phases.domain.readiness import CriterionFact as Scored
from phases.domain.readiness import Proof, Scoring, readiness
from phases.enums import CHECKPOINT_WORDS, GATE_WORDS, LAUNCH_WORDS, Outcome
from tests.gates.world import LIMITS, RISK_SCALE, SCORING, condition, conditional, go, hold, recycle, stop

TODAY = dt.date(2026, 2, 3)
OWN = Limits.from_data(LIMITS, SCORING, RISK_SCALE)


def must(slug: str = "a", **fields: Any) -> CriterionFact:
    return CriterionFact(**{"slug": slug, "text": slug, "must": True, "met": False, **fields})


def facts(**fields: Any) -> GateFacts:
    values = {"kind": Kind.GATE, "name": "Gate 1", "today": TODAY, "limits": OWN, "criteria": (must(met=True),)}
    return GateFacts(**{**values, **fields})


def waived(count: int, **fields: Any) -> dict[str, Any]:
    return {"criteria": tuple(must(f"c{i}", waived=True) for i in range(count)), "active_waivers": count, **fields}


def state(word: Outcome, **fields: Any) -> Open:
    return verdict(facts(**fields)).of(word).state


def causes(word: Outcome, **fields: Any) -> str:
    return " ".join(verdict(facts(**fields)).of(word).causes)


def test_the_numbers_come_from_the_program() -> None:
    assert (OWN.max_waived_must_conditional_go, OWN.max_waived_must_launch, OWN.risk_tolerance) == (3, 2, 12)
    assert Limits.from_data({"max_holds": 7}, {}, {"default_tolerance": 5}).max_holds == 7
    assert Limits.from_data({}, {}, {"default_tolerance": 5}).risk_tolerance == 5


@pytest.mark.parametrize(
    ("earlier", "word", "expected"),
    [
        ((), Outcome.GO, Open.OPEN),
        (("Gate 1",), Outcome.GO, Open.CLOSED),
        (("Gate 1",), Outcome.CONDITIONAL_GO, Open.CLOSED),
        (("Gate 1",), Outcome.STOP, Open.OPEN),
        (("Gate 1",), Outcome.HOLD, Open.OPEN),
    ],
)
def test_g01_a_phase_unlocks_only_after_the_gate_before_and_stop_is_always_open(
    earlier: tuple[str, ...], word: Outcome, expected: Open
) -> None:
    assert state(word, earlier_open=earlier) is expected
    if expected is Open.CLOSED:
        assert "(G1)" in causes(word, earlier_open=earlier)


@pytest.mark.parametrize(
    ("manager", "sponsor", "why"),
    [
        (True, True, "prepares a gate and cannot decide"),
        (True, False, "prepares a gate and cannot decide"),
        (False, False, "Only the sponsor"),
        (False, True, ""),
    ],
)
def test_g02_the_manager_prepares_and_the_sponsor_decides(manager: bool, sponsor: bool, why: str) -> None:
    answer = separation.why_not_decide(is_manager=manager, sits_as_sponsor=sponsor)
    assert (why in answer) if why else (answer == "")


@pytest.mark.parametrize(("small", "refused"), [(False, True), (True, False)])
def test_g02_owners_do_not_verify_and_requesters_do_not_approve_unless_the_small_team_is_on_record(
    small: bool, refused: bool
) -> None:
    assert bool(separation.why_not_verify(7, [7, None], small_team=small)) is refused
    assert bool(separation.why_not_approve(7, 7, small_team=small)) is refused
    assert separation.why_not_verify(8, [7], small_team=False) == ""
    assert separation.why_not_approve(8, 7, small_team=False) == ""


AROUND = Surroundings(TODAY, OWN, dt.date(2026, 3, 5), frozenset({"fixed"}), frozenset({"a"}))


@pytest.mark.parametrize(
    ("wanted", "recommended", "fields"),
    [
        (go(), {}, set()),
        (conditional(explanation=""), {}, {"explanation"}),
        (conditional(), {}, set()),
        (hold(explanation=""), {}, {"explanation"}),
        (stop(explanation=""), {}, {"explanation"}),
        (recycle("a", explanation=""), {"criteria": (must("a"),)}, set()),
    ],
)
def test_g03_a_decision_that_differs_from_the_advice_needs_an_explanation(
    wanted: Any, recommended: dict[str, Any], fields: set[str]
) -> None:
    assert {fault.field for fault in faults(wanted, verdict(facts(**recommended)), AROUND)} == fields


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ({}, Outcome.GO),
        (waived(1), Outcome.CONDITIONAL_GO),
        ({"criteria": (must(),)}, Outcome.RECYCLE),
        ({"criteria": (must(),), "recycles": 2}, Outcome.HOLD),
        ({"criteria": (must(),), "recycles": 2, "holds": 2}, Outcome.STOP),
        ({"seats": (Seat("Risk"),)}, Outcome.GO),
        ({"in_review": False}, Outcome.GO),
        ({"kind": Kind.LAUNCH}, Outcome.CLEAR_TO_LAUNCH),
        ({"kind": Kind.LAUNCH, **waived(2)}, Outcome.LAUNCH_WITH_CONDITIONS),
        ({"kind": Kind.LAUNCH, **waived(3)}, Outcome.DO_NOT_LAUNCH),
        ({"kind": Kind.CHECKPOINT}, None),
        ({"kind": Kind.MINI_GATE}, Outcome.GO),
    ],
)
def test_g03_the_advice_follows_from_the_facts_alone(given: dict[str, Any], advice: Outcome | None) -> None:
    assert verdict(facts(**given)).recommended is advice


def test_g03_the_record_keeps_what_was_open_and_why() -> None:
    kept = verdict(facts(**waived(1))).as_json()
    assert kept["recommended"] == "conditional-go"
    words = {row["word"]: row for row in kept["choices"]}  # type: ignore[attr-defined, index]  # plain JSON
    assert words["go"]["state"] == "closed"
    assert any("G4" in cause for cause in words["go"]["causes"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Open.OPEN),
        ({"active_waivers": 1}, Open.CLOSED),
        ({"criteria": (must(met=True, waived=True),), "active_waivers": 1}, Open.CLOSED),
        (waived(1), Open.CLOSED),
    ],
)
def test_g04_any_active_waiver_removes_plain_go(given: dict[str, Any], expected: Open) -> None:
    assert state(Outcome.GO, **given) is expected


def test_g04_a_waiver_never_turns_a_criterion_met() -> None:
    fact = facts(**waived(1))
    assert [c.slug for c in fact.unmet_musts] == ["c0"]
    assert [c.slug for c in fact.failed] == ["c0"]


def test_g04_a_waiver_earns_no_readiness() -> None:
    scoring = Scoring.from_data(SCORING)
    by_proof = {
        proof: readiness([Scored("a", "data", "must", 10, proof)], day=20, scoring=scoring).points for proof in Proof
    }
    assert by_proof[Proof.WAIVED] == by_proof[Proof.NONE] == 0
    assert by_proof[Proof.VERIFIED_FRESH] == 100


@pytest.mark.parametrize(
    ("kind", "word", "count", "expected"),
    [
        (Kind.GATE, Outcome.CONDITIONAL_GO, 0, Open.OPEN),
        (Kind.GATE, Outcome.CONDITIONAL_GO, 3, Open.OPEN),
        (Kind.GATE, Outcome.CONDITIONAL_GO, 4, Open.CLOSED),
        (Kind.LAUNCH, Outcome.LAUNCH_WITH_CONDITIONS, 2, Open.OPEN),
        (Kind.LAUNCH, Outcome.LAUNCH_WITH_CONDITIONS, 3, Open.CLOSED),
        (Kind.MINI_GATE, Outcome.CONDITIONAL_GO, 4, Open.CLOSED),
    ],
)
def test_g05_at_most_three_waived_must_meets_and_two_at_launch(
    kind: Kind, word: Outcome, count: int, expected: Open
) -> None:
    given = {**waived(count), "kind": kind, "dimensions": {"Data": Fraction(60)}}
    assert state(word, **given) is expected
    if expected is Open.CLOSED:
        assert "(G5)" in causes(word, **given)


def test_g05_an_unmet_must_meet_without_a_waiver_closes_conditional_go() -> None:
    assert "neither met nor waived: a (G5)" in causes(Outcome.CONDITIONAL_GO, criteria=(must("a"),))
    assert state(Outcome.CONDITIONAL_GO, criteria=(must("a", must=False),)) is Open.EXPLAIN


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"text": ""}, "text"),
        ({"owner_role": ""}, "owner_role"),
        ({"exit_test": " "}, "exit_test"),
        ({"consequence": ""}, "consequence"),
        ({"due_date": None}, "due_date"),
        ({"due_date": TODAY}, "due_date"),
        ({"due_date": dt.date(2026, 3, 6)}, "due_date"),
        ({"due_date": dt.date(2026, 3, 5)}, "due_date"),
        ({"criterion": "fixed"}, "criterion"),
        ({}, None),
        ({"due_date": dt.date(2026, 3, 4)}, None),
    ],
)
def test_g05_each_condition_is_complete_and_due_before_the_next_gate(row: dict[str, Any], field: str | None) -> None:
    wanted = conditional(conditions=(condition(TODAY, **row),))
    found = {fault.field for fault in faults(wanted, verdict(facts(**waived(1))), AROUND)}
    assert found == ({f"conditions-0-{field}"} if field else set())


def test_g05_a_conditional_go_has_a_condition() -> None:
    found = faults(conditional(conditions=()), verdict(facts(**waived(1))), AROUND)
    assert [fault.field for fault in found] == ["conditions"]


@pytest.mark.parametrize(
    ("fixed", "is_waived", "expected"),
    [(True, True, Open.CLOSED), (True, False, Open.CLOSED), (False, True, Open.OPEN)],
)
def test_g06_what_cannot_be_waived_closes_conditional_go_even_when_somebody_waived_it(
    fixed: bool, is_waived: bool, expected: Open
) -> None:
    given = {"criteria": (must("x", non_waivable=fixed, waived=is_waived),), "active_waivers": int(is_waived)}
    assert state(Outcome.CONDITIONAL_GO, **given) is expected
    assert ("(G6)" in causes(Outcome.CONDITIONAL_GO, **given)) is fixed


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"criteria": tuple(must(f"s{i}", must=False, met=i < 7) for i in range(10))}, Open.OPEN),
        ({"criteria": tuple(must(f"s{i}", must=False, met=i < 6) for i in range(10))}, Open.EXPLAIN),
        ({"dimensions": {"Data": Fraction(50)}}, Open.OPEN),
        ({"dimensions": {"Data": Fraction(99, 2)}}, Open.EXPLAIN),
    ],
)
def test_shoulds_under_seventy_and_dimensions_under_fifty_have_to_be_explained(
    given: dict[str, Any], expected: Open
) -> None:
    assert state(Outcome.GO, **given) is expected
    needed = faults(go(), verdict(facts(**given)), AROUND)
    assert [f.field for f in needed] == (["explanation"] if expected is Open.EXPLAIN else [])
    assert faults(go(explanation="Known."), verdict(facts(**given)), AROUND) == []


@pytest.mark.parametrize("field", ["reason", "next_owner", "next_budget", "next_start", "next_end"])
def test_go_needs_a_reason_and_the_next_phases_owner_budget_and_dates(field: str) -> None:
    empty = None if field in ("next_start", "next_end") else " "
    assert [f.field for f in faults(go(**{field: empty}), verdict(facts()), AROUND)] == [field]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.GATE, GATE_WORDS),
        (Kind.MINI_GATE, GATE_WORDS),
        (Kind.CHECKPOINT, CHECKPOINT_WORDS),
        (Kind.LAUNCH, (*LAUNCH_WORDS, *CHECKPOINT_WORDS)),
    ],
)
def test_each_kind_of_event_has_its_own_words(kind: Kind, words: tuple[Outcome, ...]) -> None:
    found = verdict(facts(kind=kind))
    assert words_of(kind) == words == tuple(choice.word for choice in found.choices)
    assert all(found.of(word).state is Open.CLOSED for word in Outcome if word not in words)


def test_an_unmet_must_meet_closes_go_with_its_name() -> None:
    assert "not verified with fresh evidence: a" in causes(Outcome.GO, criteria=(must("a"),))


def test_nothing_but_stop_is_open_before_the_gate_is_in_review() -> None:
    found = verdict(facts(in_review=False))
    assert [choice.word for choice in found.choices if choice.available] == [Outcome.STOP]


@pytest.mark.parametrize("seats", [(Seat("Risk", View.OPPOSE),), (Seat("Risk", View.ABSTAIN, dissent=True),)])
def test_a_view_against_does_not_decide(seats: tuple[Seat, ...]) -> None:
    assert state(Outcome.GO, seats=seats) is Open.OPEN


def test_a_risk_above_tolerance_closes_go() -> None:
    assert "(G23)" in causes(Outcome.GO, risks=(RiskFact("r", "Drift", 15),))
