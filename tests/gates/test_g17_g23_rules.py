"""Exceptions, rollout, evidence, quorum, risks, declared status, replanning: rules G17 to G23, by table."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from gates.domain import declaring, evidence, exceptions, launch, quorum, replanning, risks
from gates.domain.deciding import verdict
from gates.domain.evidence import Examined, Proof
from gates.domain.exceptions import NoteInput
from gates.domain.facts import CriterionFact, GateFacts, Kind, RiskFact, Seat
from gates.domain.launch import Step
from gates.domain.limits import Limits
from gates.domain.replanning import Dated
from gates.enums import Cause, Open, StepState, View
from phases.domain.status import Colour
from phases.enums import GATE_WORDS, Outcome
from programs.domain.calendar import WorkCalendar
from tests.gates.world import LIMITS, RISK_SCALE, SCORING

TODAY = dt.date(2026, 2, 3)
OWN = Limits.from_data(LIMITS, SCORING, RISK_SCALE)
BERLIN = WorkCalendar(country="DE")
MET = CriterionFact("a", "a", must=True, met=True)


def facts(**fields: Any) -> GateFacts:
    values = {"kind": Kind.GATE, "name": "Gate 1", "today": TODAY, "limits": OWN, "criteria": (MET,)}
    return GateFacts(**{**values, **fields})


def day(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


NOTE = NoteInput("Cost", "Vendor price", "5 % over", "Cut scope or pay", "replan", day(10))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"tolerance": ""}, "tolerance"),
        ({"cause": " "}, "cause"),
        ({"effect": ""}, "effect"),
        ({"options": ""}, "options"),
        ({"recommendation": "pray"}, "recommendation"),
        ({"forecast_on": None}, "forecast_on"),
    ],
)
def test_g17_an_exception_note_has_cause_effect_options_and_recommendation(
    changed: dict[str, Any], field: str | None
) -> None:
    assert [f.field for f in exceptions.faults(replace(NOTE, **changed))] == ([] if field is None else [field])


@pytest.mark.parametrize(("forecast", "early"), [(day(1), True), (day(0), False), (day(-1), False)])
def test_g17_telling_before_the_break_counts_as_early(forecast: dt.date, early: bool) -> None:
    assert exceptions.is_early(TODAY, forecast) is early


FIRST, SECOND = Step(1, StepState.PLANNED), Step(2, StepState.PLANNED)


@pytest.mark.parametrize(
    ("step", "steps", "cleared", "number", "allowed"),
    [
        (FIRST, [FIRST, SECOND], True, "99 %", True),
        (FIRST, [FIRST, SECOND], False, "99 %", False),
        (FIRST, [FIRST, SECOND], True, " ", False),
        (SECOND, [FIRST, SECOND], True, "99 %", False),
        (SECOND, [Step(1, StepState.ENTERED), SECOND], True, "99 %", False),
        (SECOND, [Step(1, StepState.LEFT), SECOND], True, "99 %", True),
        (SECOND, [Step(1, StepState.HALTED), SECOND], True, "99 %", False),
        (Step(1, StepState.ENTERED), [FIRST], True, "99 %", False),
    ],
)
def test_g18_nobody_is_exposed_before_clearance_or_past_a_halt(
    step: Step, steps: list[Step], cleared: bool, number: str, allowed: bool
) -> None:
    assert (not launch.why_not_enter(step, steps, cleared=cleared, entry_number=number)) is allowed


@pytest.mark.parametrize(
    ("state", "number", "allowed"),
    [(StepState.ENTERED, "0.2 %", True), (StepState.ENTERED, "", False), (StepState.PLANNED, "0.2 %", False)],
)
def test_g18_a_step_is_left_with_its_number(state: StepState, number: str, allowed: bool) -> None:
    assert (not launch.why_not_leave(Step(1, state), exit_number=number)) is allowed


@pytest.mark.parametrize(
    ("state", "because", "allowed"),
    [(StepState.ENTERED, "Errors over 1 %", True), (StepState.ENTERED, "", False), (StepState.LEFT, "Late", False)],
)
def test_g18_a_running_step_is_halted_by_its_condition(state: StepState, because: str, allowed: bool) -> None:
    assert launch.may_halt(Step(1, state), because) is allowed


GOOD = Examined((Proof(day(-10), day(-5), "1.2"),), 30, "test-report", verified_by=2, owners=frozenset({1}))


@pytest.mark.parametrize(
    ("changed", "gate", "words"),
    [
        ({}, TODAY, ""),
        ({"proofs": ()}, TODAY, "no evidence"),
        ({}, day(20), ""),
        ({}, day(21), "at most 30"),
        ({"proofs": (Proof(day(-40), TODAY, "1"),)}, TODAY, "at most 30"),
        ({"proofs": (Proof(day(-10), day(-5)),)}, TODAY, "names the version"),
        ({"proofs": (Proof(day(-10), day(-5)),), "evidence_type": "document"}, TODAY, ""),
        ({"verified_by": None}, TODAY, "second person"),
        ({"verified_by": 1}, TODAY, "its own owner"),
        ({"verified_by": 1, "small_team": True}, TODAY, ""),
    ],
)
def test_g19_evidence_is_young_on_the_gate_date_names_its_version_and_was_verified_by_another(
    changed: dict[str, Any], gate: dt.date, words: str
) -> None:
    found = replace(GOOD, **changed)
    answer = " ".join(evidence.why_not_counted(found, gate))
    assert (words in answer) if words else (answer == "")
    assert evidence.counts(found, gate) is (not words)


def test_g19_what_will_be_too_old_on_the_gate_date_is_known_ahead() -> None:
    assert evidence.stale_on(GOOD.proofs, 30, day(21))
    assert not evidence.stale_on(GOOD.proofs, 30, day(20))
    assert not evidence.stale_on([], 30, day(20))


def test_g21_a_mini_gate_takes_the_same_five_words() -> None:
    found = verdict(facts(kind=Kind.MINI_GATE))
    assert tuple(choice.word for choice in found.choices) == GATE_WORDS
    assert verdict(facts(kind=Kind.MINI_GATE, criteria=(replace(MET, met=False),))).of(Outcome.GO).state is Open.CLOSED


@pytest.mark.parametrize(
    ("views", "missing"),
    [
        ([View.SUPPORT, View.OPPOSE], ()),
        ([View.ABSTAIN, View.WITH_CONDITIONS], ()),
        ([View.SUPPORT, None], ("Role 1",)),
        ([None, None], ("Role 0", "Role 1")),
        ([], ()),
    ],
)
def test_g22_silence_is_no_approval(views: list[View | None], missing: tuple[str, ...]) -> None:
    seats = tuple(Seat(f"Role {i}", view) for i, view in enumerate(views))
    assert quorum.silent(seats) == missing
    for word in (Outcome.GO, Outcome.CONDITIONAL_GO, Outcome.HOLD):
        closed = any("(G22)" in cause for cause in verdict(facts(seats=seats)).of(word).causes)
        assert closed is bool(missing)
    assert verdict(facts(seats=seats)).of(Outcome.STOP).available


def test_g22_abstaining_is_heard_but_never_counted_as_support() -> None:
    found = quorum.summary([Seat("a", View.ABSTAIN), Seat("b", View.SUPPORT), Seat("c")])
    assert found == {"support": 1, "with-conditions": 0, "oppose": 0, "abstain": 1}


@pytest.mark.parametrize(("person", "capacity"), [(1, "holder"), (2, "deputy"), (3, "alternate"), (4, "")])
def test_g22_holder_deputy_and_named_alternate_may_speak(person: int, capacity: str) -> None:
    assert quorum.may_speak(person, holder=1, deputy=2, alternate=3) == capacity


HIGH = RiskFact("r", "Drift", 15)
MODERATE = RiskFact("m", "Costs rise", 5)


@pytest.mark.parametrize(
    ("risk", "first", "later"),
    [
        (replace(HIGH, score=12), True, True),
        (HIGH, True, False),
        (replace(HIGH, has_owner=False), False, False),
        (replace(HIGH, has_response=False), False, False),
        (replace(HIGH, has_date=False), False, False),
        (replace(HIGH, accepted_until=TODAY, accepted_score=15), True, True),
        (replace(HIGH, accepted_until=day(-1), accepted_score=15), True, False),
        (replace(HIGH, accepted_until=day(9), accepted_score=14), True, False),
    ],
)
def test_g23_the_first_gate_asks_for_a_plan_later_ones_for_the_score_or_a_signature(
    risk: RiskFact, first: bool, later: bool
) -> None:
    for first_gate, passes in ((True, first), (False, later)):
        causes = risks.why_risks_block([risk], OWN, first_gate=first_gate, today=TODAY)
        assert (not causes) is passes
        assert all("(G23)" in cause or "(S58)" in cause for cause in causes)


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"has_owner": False}, "an owner"),
        ({"has_actions": False}, "a mitigation action"),
        ({"undated_actions": 1}, "a date for its open action"),
        ({"undated_actions": 3}, "dates for its 3 open actions"),
        ({"has_path": False}, "an escalation path"),
        ({"has_owner": False, "undated_actions": 1, "has_path": False},
         "an owner, a date for its open action and an escalation path"),
    ],
)  # fmt: skip
def test_s58_from_the_second_gate_on_a_moderate_risk_without_actions_or_path_is_named(
    lacking: dict[str, Any], said: str
) -> None:
    bare = replace(MODERATE, **lacking)
    found = risks.why_risks_block([bare], OWN, first_gate=False, today=TODAY)
    assert found == (f"Risk “Costs rise” (5, moderate) needs {said} (S58).",)
    assert risks.why_risks_block([bare], OWN, first_gate=True, today=TODAY) == ()
    assert risks.why_risks_block([replace(bare, score=4)], OWN, first_gate=False, today=TODAY) == ()
    assert risks.why_risks_block([MODERATE], OWN, first_gate=False, today=TODAY) == ()


def test_s58_an_acceptance_does_not_stand_in_for_actions_and_each_risk_is_named() -> None:
    signed = replace(HIGH, accepted_until=day(9), accepted_score=15, has_actions=False)
    found = risks.why_risks_block([replace(MODERATE, has_path=False), signed], OWN, first_gate=False, today=TODAY)
    assert [cause.split("”")[0] for cause in found] == ["Risk “Drift", "Risk “Costs rise"]


@pytest.mark.parametrize(
    ("declared", "computed", "reason", "expires", "fields"),
    [
        (Colour.RED, Colour.GREEN, "I know more", None, []),
        (Colour.RED, Colour.GREEN, "", None, ["reason"]),
        (Colour.GREEN, Colour.GREEN, "", None, []),
        (Colour.GREEN, Colour.RED, "It is over", None, ["expires_on"]),
        (Colour.GREEN, Colour.RED, "It is over", day(14), []),
        (Colour.GREEN, Colour.RED, "It is over", day(15), ["expires_on"]),
        (Colour.AMBER, Colour.GREY, "Known", TODAY, ["expires_on"]),
    ],
)
def test_declaring_better_needs_a_reason_and_an_end_within_fourteen_days(
    declared: Colour, computed: Colour, reason: str, expires: dt.date | None, fields: list[str]
) -> None:
    found = declaring.faults(declared, computed, reason=reason, expires_on=expires, today=TODAY, limits=OWN)
    assert [fault.field for fault in found] == fields


@pytest.mark.parametrize(
    ("better", "agreed", "expires", "in_force"),
    [
        (False, False, None, True),
        (True, False, day(3), False),
        (True, True, day(0), True),
        (True, True, day(-1), False),
    ],
)
def test_a_better_declaration_holds_only_with_the_sponsors_yes_and_until_its_end(
    better: bool, agreed: bool, expires: dt.date | None, in_force: bool
) -> None:
    assert declaring.holds(better=better, agreed=agreed, expires_on=expires, today=TODAY) is in_force


def test_replanning_moves_what_depends_on_the_gate_by_working_days() -> None:
    gate = Dated("event", 1, "Gate 1", dt.date(2026, 2, 3))
    item = Dated("criterion", 2, "a", dt.date(2026, 2, 5))
    task = Dated("task", 3, "t", dt.date(2026, 2, 6), dt.date(2026, 2, 2))
    found = replanning.preview(gate, dt.date(2026, 2, 10), [task, item], BERLIN, TODAY)
    assert found.working_days == 5
    assert [(m.name, m.new, m.new_first) for m in found.moves] == [
        ("Gate 1", dt.date(2026, 2, 10), None),
        ("a", dt.date(2026, 2, 12), None),
        ("t", dt.date(2026, 2, 13), dt.date(2026, 2, 9)),
    ]


def test_replanning_never_moves_a_date_into_the_past() -> None:
    gate = Dated("event", 1, "Gate 1", dt.date(2026, 2, 13))
    soon = Dated("criterion", 2, "a", dt.date(2026, 2, 4))
    found = replanning.preview(gate, dt.date(2026, 2, 6), [soon], BERLIN, TODAY)
    assert found.moves[1].new == TODAY


def test_days_lost_are_counted_by_cause_and_days_won_back_are_subtracted() -> None:
    moves = [(Cause.DATA, 5), (Cause.VENDOR, 3), (Cause.DATA, 2), (Cause.PEOPLE, -1)]
    assert replanning.days_lost(moves) == {Cause.DATA: 7, Cause.VENDOR: 3}
