"""Pure rules of the charter: plan line, grade, differences, completeness, rhythms, late dependencies."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from charter.domain import brief, data, dependencies, limits, outcome, problem, stakeholders
from charter.domain.dependencies import Wait
from charter.domain.outcome import PlanLine
from charter.enums import CheckKind, Confidence, DependencyState, Finding, Seat

DAY = dt.date(2026, 1, 5)
LINE = PlanLine(DAY, DAY + dt.timedelta(days=100), Decimal(12), Decimal(2))
patient = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
figures = st.decimals(-1000, 1000, places=2)


# ---------------------------------------------------------------- S32 plan line


@pytest.mark.parametrize(("after", "planned"), [(-5, 12), (0, 12), (50, 7), (99, "2.1"), (100, 2), (400, 2)])
def test_s32_the_plan_line_runs_from_baseline_to_target(after: int, planned: object) -> None:
    assert LINE.at(DAY + dt.timedelta(days=after)) == Decimal(str(planned))


@pytest.mark.parametrize(
    ("now", "share", "on_plan"), [("7", 50, True), ("6.9", 51, True), ("7.1", 49, False), ("13", -10, False)]
)
def test_s32_a_falling_outcome_is_on_plan_at_or_under_its_line(now: str, share: int, on_plan: bool) -> None:
    found = outcome.progress(LINE, DAY + dt.timedelta(days=50), Decimal(now))
    assert (found.share, found.planned_share, found.on_plan, found.planned) == (share, 50, on_plan, Decimal(7))


def test_s32_a_rising_outcome_is_on_plan_at_or_above_its_line() -> None:
    line = PlanLine(DAY, DAY + dt.timedelta(days=100), Decimal(0), Decimal(10))
    assert outcome.progress(line, DAY + dt.timedelta(days=50), Decimal(5)).on_plan
    assert not outcome.progress(line, DAY + dt.timedelta(days=50), Decimal("4.9")).on_plan


def test_s32_almost_there_is_not_there() -> None:
    assert outcome.progress(LINE, DAY + dt.timedelta(days=200), Decimal("2.01")).share == 99


def test_s32_holding_a_value_has_no_share() -> None:
    line = PlanLine(DAY, DAY, Decimal(5), Decimal(5))
    found = outcome.progress(line, DAY, Decimal(5))
    assert (found.share, found.on_plan) == (None, True)
    assert not outcome.progress(line, DAY, Decimal(6)).on_plan


@patient
@given(baseline=figures, target=figures, days=st.integers(1, 400), at=st.integers(-50, 500), now=figures)
def test_s32_the_line_stays_between_its_ends_and_turns_with_its_sign(
    baseline: Decimal, target: Decimal, days: int, at: int, now: Decimal
) -> None:
    line = PlanLine(DAY, DAY + dt.timedelta(days=days), baseline, target)
    turned = PlanLine(line.start, line.end, -baseline, -target)
    on = DAY + dt.timedelta(days=at)
    assert min(baseline, target) <= line.at(on) <= max(baseline, target)
    mine, mirrored = outcome.progress(line, on, now), outcome.progress(turned, on, -now)
    assert (mine.share, mine.on_plan) == (mirrored.share, mirrored.on_plan)
    assert outcome.progress(line, on, line.at(on)).on_plan


# ---------------------------------------------------------------- grade, difference, gaps


@pytest.mark.parametrize(
    ("baseline", "confidence", "verified", "grade"),
    [
        (None, Confidence.NONE, False, "D"),
        (None, Confidence.MEASURED, True, "D"),
        (Decimal(1), Confidence.NONE, True, "D"),
        (Decimal(1), Confidence.ESTIMATED, True, "C"),
        (Decimal(1), Confidence.MEASURED, False, "B"),
        (Decimal(0), Confidence.MEASURED, True, "A"),
    ],
)
def test_grade_a_takes_a_measured_baseline_and_a_second_person(
    baseline: Decimal | None, confidence: Confidence, verified: bool, grade: str
) -> None:
    assert outcome.grade(baseline, confidence, verified=verified) == grade


def test_s32_the_difference_names_what_changed_in_reading_order() -> None:
    before, after = {"target": "5", "measure": "Time"}, {"target": "6", "measure": "Time", "guardrail": "None worse"}
    found = [(one.name, one.before, one.after) for one in outcome.difference(before, after)]
    assert found == [("Target", "5", "6"), ("Guardrail", "", "None worse")]


FULL = {name: "x" for name in outcome.WANTED}


@pytest.mark.parametrize("name", outcome.WANTED)
def test_s32_each_missing_part_is_named(name: str) -> None:
    assert outcome.gaps(FULL, Confidence.MEASURED) == []
    assert len(outcome.gaps({**FULL, name: " "}, Confidence.MEASURED)) == 1


def test_s32_an_estimated_baseline_is_no_baseline() -> None:
    assert outcome.gaps(FULL, Confidence.ESTIMATED) == ["The baseline is not measured."]


# ---------------------------------------------------------------- problem, brief, data


def test_s27_every_field_of_the_problem_is_wanted() -> None:
    full = {name: "x" for name in problem.FIELDS}
    assert problem.missing(full) == []
    assert problem.missing({**full, "cost_today": "\t"}) == ["cost_today"]
    assert {"affected", "frequency", "cost_today", "measure", "target"} <= set(problem.FIELDS)


def test_s28_two_seats_sign() -> None:
    assert problem.unsigned_seats(["sponsor"]) == [Seat.BUSINESS_OWNER]
    assert problem.unsigned_seats(["sponsor", "business-owner"]) == []


@pytest.mark.parametrize(("day", "signed", "risk"), [(10, False, False), (11, False, True), (11, True, False)])
def test_s29_the_day_after_the_last_one_is_a_risk(day: int, signed: bool, risk: bool) -> None:
    assert problem.is_risk(day, 10, signed=signed) is risk


def test_numbers_come_from_the_programs_own_data() -> None:
    assert limits.problem_signed_by_day({}) == 10
    assert limits.problem_signed_by_day({"problem_signed_by_day": 12}) == 12
    assert limits.data_remediation_by_day({"data_remediation_by_day": 40}) == 40


@pytest.mark.parametrize("name", brief.SECTIONS)
def test_s43_an_empty_section_is_named(name: str) -> None:
    full = {section: "x" for section in brief.SECTIONS}
    assert brief.empty_sections(full) == []
    assert brief.empty_sections({**full, name: " \n"}) == [name]


@pytest.mark.parametrize("field", [name for fields in data.FOUR.values() for name in fields])
def test_s36_a_source_is_incomplete_until_the_four_are_filled(field: str) -> None:
    full = {name: "x" for fields in data.FOUR.values() for name in fields}
    assert len(data.FOUR) == 4
    assert data.missing(full) == []
    assert len(data.missing({**full, field: ""})) == 1


def test_s36_the_supply_is_shown_when_each_source_is_described_and_continuous() -> None:
    yes = {CheckKind.CONTINUOUS: Finding.YES}
    assert data.supply_gaps([]) == ["The register of data sources is empty."]
    assert data.supply_gaps([("A", [], yes)]) == []
    found = data.supply_gaps([("A", ["owner"], yes), ("B", [], {CheckKind.CONTINUOUS: Finding.PARTLY})])
    assert found == ["A: owner not filled in.", "B: not shown to be continuously available."]


@pytest.mark.parametrize(("planned", "due"), [(None, 45), (20, 20), (45, 45), (60, 45)])
def test_s37_a_gap_is_due_by_day_45_at_the_latest(planned: int | None, due: int) -> None:
    day = None if planned is None else DAY + dt.timedelta(days=planned - 1)
    assert data.due_of_gap(DAY, 45, day) == DAY + dt.timedelta(days=due - 1)


# ---------------------------------------------------------------- stakeholders, dependencies


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("weekly", 7),
        ("fortnightly, plus gates", 14),
        ("monthly; weekly in launch", 30),
        ("weekly from day 14; daily in launch", 7),
        ("by day 50, then quarterly", 91),
        ("gates, then by calendar", None),
        ("", None),
    ],
)
def test_s41_the_first_rhythm_of_the_words_counts(words: str, days: int | None) -> None:
    assert stakeholders.days_in_words(words) == days


def stand(**changes: object) -> stakeholders.Standing:
    given: dict[str, object] = {"begins": DAY, "cadence": 7, "last": None, "planned": None, "today": DAY}
    return stakeholders.standing(**{**given, **changes})  # type: ignore[arg-type]


def days(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def test_s41_a_group_without_contact_or_plan_is_flagged() -> None:
    assert stand().unplanned
    assert not stand(planned=days(3)).unplanned
    assert not stand(last=DAY).unplanned
    assert not stand(begins=days(1)).unplanned


def test_s41_contact_is_overdue_the_day_after_it_was_due() -> None:
    assert not stand(last=DAY, today=days(7)).is_overdue
    assert stand(last=DAY, today=days(8)).is_overdue
    assert stand(last=DAY, today=days(8), planned=days(9)).due == days(9)
    assert stand(last=DAY, planned=days(2), today=days(3)).is_overdue
    assert stand(last=days(4), planned=days(2), today=days(5)).due == days(11)
    assert stand(cadence=None).due is None
    assert not stand(cadence=None, today=days(300)).is_overdue


def test_s81_open_ones_are_late_after_their_day() -> None:
    for state in DependencyState:
        assert dependencies.is_late(state, DAY, days(1)) is state.is_open
        assert not dependencies.is_late(state, DAY, DAY)


def test_s81_the_map_has_one_line_a_team_late_ones_first() -> None:
    waits = [
        Wait("Platform", DependencyState.ASKED, days(5)),
        Wait("Legal", DependencyState.AGREED, days(-1)),
        Wait("platform", DependencyState.DELIVERED, days(-9)),
        Wait("Vendor", DependencyState.DROPPED, days(-9)),
    ]
    legal, platform = dependencies.team_map(waits, DAY)
    assert (legal.team, legal.counts, legal.late, legal.next_day) == ("Legal", (0, 1, 0), 1, None)
    assert (platform.team, platform.counts, platform.late) == ("Platform", (1, 0, 1), 0)
    assert (platform.next_day, platform.total) == (days(5), 2)
