"""Waivers, holds, recycling, drift, tailoring, conditions, work at risk: rules G7 to G16, by table."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from gates.domain import at_risk, conditions, drift, recycling, tailoring, waivers
from gates.domain.at_risk import Work
from gates.domain.conditions import Standing
from gates.domain.contents import Surroundings, faults
from gates.domain.deciding import verdict
from gates.domain.drift import Stage
from gates.domain.facts import CriterionFact, GateFacts, Kind
from gates.domain.limits import Limits
from gates.domain.recycling import Reviewed
from gates.domain.waivers import WaiverInput
from gates.enums import ConditionState, Open, RequestState, TailoringKind
from phases.enums import Outcome
from programs.domain.calendar import WorkCalendar
from tests.gates.world import LIMITS, RISK_SCALE, SCORING, hold, recycle, stop

TODAY = dt.date(2026, 2, 3)
OWN = Limits.from_data(LIMITS, SCORING, RISK_SCALE)
BERLIN = WorkCalendar(country="DE")
UNMET = CriterionFact("a", "a", must=True, met=False)


def facts(**fields: Any) -> GateFacts:
    values = {"kind": Kind.GATE, "name": "Gate 1", "today": TODAY, "limits": OWN, "criteria": (UNMET,)}
    return GateFacts(**{**values, **fields})


def day(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


WAIVER = WaiverInput("Late delivery", "Manual check of each case", "https://example.org/log", day(20))


@pytest.mark.parametrize(
    ("changes", "non_waivable", "field"),
    [
        ({}, False, None),
        ({"reason": ""}, False, "reason"),
        ({"control": " "}, False, "control"),
        ({"control_evidence": ""}, False, "control_evidence"),
        ({"expires_on": TODAY}, False, "expires_on"),
        ({"expires_on": day(31)}, False, "expires_on"),
        ({"expires_on": day(30)}, False, None),
        ({}, True, ""),
    ],
)
def test_g07_a_waiver_is_complete_and_ends_within_thirty_days(
    changes: dict[str, Any], non_waivable: bool, field: str | None
) -> None:
    found = waivers.faults(
        replace(WAIVER, **changes), today=TODAY, next_gate=None, non_waivable=non_waivable, limits=OWN
    )
    assert [fault.field for fault in found] == ([] if field is None else [field])


@pytest.mark.parametrize(("gate", "latest"), [(None, day(30)), (day(12), day(12)), (day(60), day(30))])
def test_g07_a_waiver_ends_at_the_next_gate_when_that_is_sooner(gate: dt.date | None, latest: dt.date) -> None:
    assert waivers.latest_expiry(TODAY, gate, OWN) == latest


@pytest.mark.parametrize(
    ("score", "role"), [(None, "lead"), (4, "lead"), (9, "lead"), (10, "sponsor"), (14, "sponsor"), (25, "sponsor")]
)
def test_g07_the_sponsor_approves_from_the_high_band_on(score: int | None, role: str) -> None:
    assert waivers.approver_role(score, OWN, sponsor="sponsor", lead="lead") == role


@pytest.mark.parametrize(
    ("state", "today", "expected"),
    [
        (RequestState.APPROVED, day(20), RequestState.APPROVED),
        (RequestState.APPROVED, day(21), RequestState.EXPIRED),
        (RequestState.REQUESTED, day(21), RequestState.EXPIRED),
        (RequestState.REFUSED, day(21), RequestState.REFUSED),
        (RequestState.WITHDRAWN, day(21), RequestState.WITHDRAWN),
    ],
)
def test_g07_a_waiver_ends_by_itself_the_day_after(state: RequestState, today: dt.date, expected: RequestState) -> None:
    assert waivers.state_on(state, WAIVER.expires_on, today) is expected
    assert waivers.is_active(state, WAIVER.expires_on, today) is (expected is RequestState.APPROVED)


@pytest.mark.parametrize(
    ("chain", "refused"),
    [
        ([RequestState.APPROVED], False),
        ([RequestState.EXPIRED], False),
        ([RequestState.APPROVED, RequestState.EXPIRED], True),
    ],
)
def test_g07_one_extension_and_no_more(chain: list[RequestState], refused: bool) -> None:
    assert bool(waivers.may_extend(chain, OWN)) is refused


def test_g07_an_expired_waiver_closes_go_and_conditional_go() -> None:
    given = facts(criteria=(replace(UNMET, waived=False),), expired_waivers=("a",))
    found = verdict(given)
    for word in (Outcome.GO, Outcome.CONDITIONAL_GO):
        assert any("(G7)" in cause for cause in found.of(word).causes)


AROUND = Surroundings(TODAY, OWN, None, frozenset(), frozenset({"a"}))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"hold_cause": "mood"}, "hold_cause"),
        ({"waiting_for": ""}, "waiting_for"),
        ({"keeps_running": ""}, "keeps_running"),
        ({"review_date": None}, "review_date"),
        ({"review_date": TODAY}, "review_date"),
        ({"review_date": day(30)}, None),
        ({"review_date": day(31)}, "review_date"),
    ],
)
def test_g08_a_hold_has_an_outside_cause_and_a_review_within_thirty_days(
    changes: dict[str, Any], field: str | None
) -> None:
    found = faults(hold(TODAY, **changes), verdict(facts()), AROUND)
    assert [fault.field for fault in found] == ([] if field is None else [field])


@pytest.mark.parametrize(("holds", "expected"), [(0, Open.OPEN), (1, Open.OPEN), (2, Open.CLOSED)])
def test_g08_a_third_hold_is_refused(holds: int, expected: Open) -> None:
    assert verdict(facts(holds=holds)).of(Outcome.HOLD).state is expected


@pytest.mark.parametrize(("review", "held_again"), [(None, Open.OPEN), (day(0), Open.OPEN), (day(-1), Open.CLOSED)])
def test_g08_after_the_review_date_only_go_recycle_and_stop_are_left(review: dt.date | None, held_again: Open) -> None:
    met = replace(UNMET, met=True)
    found = verdict(facts(hold_review=review, criteria=(met, replace(UNMET, slug="b", must=False))))
    assert found.of(Outcome.HOLD).state is held_again
    assert found.of(Outcome.CONDITIONAL_GO).available is (held_again is Open.OPEN)
    for word in (Outcome.GO, Outcome.RECYCLE, Outcome.STOP):
        assert found.of(word).available


@pytest.mark.parametrize(
    ("late", "held", "stage"),
    [
        (0, True, Stage.ON_TIME),
        (1, True, Stage.OVERDUE),
        (7, True, Stage.OVERDUE),
        (8, True, Stage.ESCALATED),
    ],
)
def test_g08_a_hold_expires_after_five_working_days(late: int, held: bool, stage: Stage) -> None:
    assert drift.drift(TODAY, day(late), BERLIN, OWN, held=held).stage is stage


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (recycle("a", day=TODAY), None),
        (recycle(day=TODAY), "redo"),
        (recycle("met", day=TODAY), "redo"),
        (recycle("a", day=TODAY, changes=""), "changes"),
        (recycle("a", day=TODAY, new_date=None), "new_date"),
        (recycle("a", day=TODAY, new_date=TODAY), "new_date"),
        (recycle("a", day=TODAY, new_date=day(15), explanation=""), None),
        (recycle("a", day=TODAY, new_date=day(16), explanation=""), "explanation"),
        (recycle("a", day=TODAY, new_date=day(16)), None),
    ],
)
def test_g09_recycle_names_failed_criteria_a_date_and_what_changes(wanted: Any, field: str | None) -> None:
    assert [f.field for f in faults(wanted, verdict(facts()), AROUND)] == ([] if field is None else [field])


@pytest.mark.parametrize(
    ("recycles", "criteria", "expected"),
    [
        (0, (UNMET,), Open.OPEN),
        (1, (UNMET,), Open.OPEN),
        (2, (UNMET,), Open.CLOSED),
        (0, (replace(UNMET, met=True),), Open.CLOSED),
    ],
)
def test_g09_a_third_recycle_is_refused_and_so_is_one_without_a_failed_criterion(
    recycles: int, criteria: tuple[CriterionFact, ...], expected: Open
) -> None:
    assert verdict(facts(recycles=recycles, criteria=criteria)).of(Outcome.RECYCLE).state is expected


def test_g09_only_named_stale_and_changed_criteria_are_looked_at_again() -> None:
    rows = [
        Reviewed("named", named=True),
        Reviewed("stale", stale=True),
        Reviewed("changed", changed=True),
        Reviewed("left"),
    ]
    assert recycling.scope(rows) == ("changed", "named", "stale")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"in_review": False},
        {"earlier_open": ("Gate 0",)},
        {"holds": 9, "recycles": 9},
        {"hold_review": day(-30)},
        {"criteria": ()},
    ],
)
def test_g10_stop_is_always_available(given: dict[str, Any]) -> None:
    assert verdict(facts(**given)).of(Outcome.STOP).state is Open.OPEN


@pytest.mark.parametrize("field", ["stop_reason", "disposal", "people_told", "lessons", "cost_avoided"])
def test_g10_stop_says_why_what_is_cleared_up_who_knows_what_was_learnt_and_saved(field: str) -> None:
    wanted = stop(**{field: None if field == "cost_avoided" else ""})
    assert [f.field for f in faults(wanted, verdict(facts()), AROUND)] == [field]
    assert faults(stop(), verdict(facts()), AROUND) == []


@pytest.mark.parametrize(
    ("due", "today", "working_days", "stage"),
    [
        (dt.date(2026, 2, 3), dt.date(2026, 2, 3), 0, Stage.ON_TIME),
        (dt.date(2026, 2, 3), dt.date(2026, 2, 4), 1, Stage.OVERDUE),
        (dt.date(2026, 2, 6), dt.date(2026, 2, 8), 0, Stage.ON_TIME),
        (dt.date(2026, 2, 6), dt.date(2026, 2, 9), 1, Stage.OVERDUE),
        (dt.date(2026, 2, 3), dt.date(2026, 2, 10), 5, Stage.OVERDUE),
        (dt.date(2026, 2, 3), dt.date(2026, 2, 11), 6, Stage.ESCALATED),
    ],
)
def test_g12_an_undecided_gate_is_overdue_the_next_working_day_and_escalates_after_five(
    due: dt.date, today: dt.date, working_days: int, stage: Stage
) -> None:
    found = drift.drift(due, today, BERLIN, OWN)
    assert (found.working_days, found.stage) == (working_days, stage)
    assert bool(found.sentence) is (stage is not Stage.ON_TIME)


@pytest.mark.parametrize(("left_out", "is_flagged"), [(0, False), (2, False), (3, True), (10, True)])
def test_g13_more_than_a_fifth_left_out_of_a_dimension_is_flagged(left_out: int, is_flagged: bool) -> None:
    shares = tailoring.not_applicable([("Data", i >= left_out) for i in range(10)])
    assert shares[0].part == Fraction(left_out, 10)
    assert bool(tailoring.flagged(shares, OWN)) is is_flagged


@pytest.mark.parametrize(
    ("kind", "before", "after", "weakens"),
    [
        (TailoringKind.ADD, {}, {}, False),
        (TailoringKind.LOWER, {}, {}, True),
        (TailoringKind.REMOVE, {}, {}, True),
        (TailoringKind.RAISE_LIMIT, {"value": 3}, {"value": 4}, True),
        (TailoringKind.RAISE_LIMIT, {"value": 3}, {"value": 2}, False),
        (TailoringKind.RAISE_LIMIT, {"value": 0.2}, {"value": 0.25}, True),
    ],
)
def test_g14_weakening_needs_approval_and_adding_does_not(
    kind: TailoringKind, before: dict[str, Any], after: dict[str, Any], weakens: bool
) -> None:
    assert tailoring.weakens(kind, before, after) is weakens


@pytest.mark.parametrize(
    ("state", "late", "expected"),
    [
        (ConditionState.OPEN, -1, Standing.OPEN),
        (ConditionState.OPEN, 0, Standing.OPEN),
        (ConditionState.OPEN, 1, Standing.OVERDUE),
        (ConditionState.EVIDENCE, 1, Standing.OVERDUE),
        (ConditionState.OPEN, 6, Standing.OVERDUE),
        (ConditionState.OPEN, 7, Standing.LAPSED),
        (ConditionState.CLOSED, 90, Standing.CLOSED),
    ],
)
def test_g15_a_condition_is_overdue_after_a_day_and_lapses_after_seven(
    state: ConditionState, late: int, expected: Standing
) -> None:
    assert conditions.standing(state, TODAY, day(late), OWN) is expected


def test_g15_a_condition_starts_with_fourteen_days_and_never_reaches_the_next_gate() -> None:
    assert conditions.default_due(TODAY, None, OWN) == day(14)
    assert conditions.default_due(TODAY, day(10), OWN) == day(9)
    assert conditions.latest_due(TODAY, None, OWN) == day(30)


@pytest.mark.parametrize(
    ("locked", "started", "badge"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_g16_work_ahead_of_its_gate_is_marked_and_its_cost_named(locked: bool, started: bool, badge: bool) -> None:
    work = Work("t", "Train", "Prepare", locked, started, days=5)
    assert bool(at_risk.at_risk([work])) is badge
    assert at_risk.cost_days([work]) == (5 if badge else 0)


def test_g16_work_starts_on_its_first_day_or_when_it_is_done() -> None:
    assert at_risk.is_started(done=False, first_day=TODAY, today=TODAY)
    assert at_risk.is_started(done=True, first_day=day(9), today=TODAY)
    assert not at_risk.is_started(done=False, first_day=day(1), today=TODAY)
    assert at_risk.length(TODAY, day(4)) == 5
