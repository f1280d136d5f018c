"""Pure rules: places of the top five, late discovery, complete decisions, engagement, the challenge session."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registers.domain import challenge, decisions, engagement, issues
from registers.domain.assumptions import TOP, placed
from registers.domain.issues import Cost, Find, Share

DAY = dt.date(2026, 1, 5)
# A busy machine draws slowly; that says nothing about the rules.
patient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
finds = st.builds(
    Find,
    found=st.integers(1, 3),
    expected=st.integers(1, 3),
    dimension=st.sampled_from(["data", "cost", "value"]),
    hours=st.decimals(0, 1000, places=1),
    days=st.integers(0, 90),
    opened=st.dates(DAY, DAY + dt.timedelta(days=89)),
)


# ---------------------------------------------------------------- S15 places


def test_s15_a_new_first_place_pushes_the_others_down() -> None:
    assert placed({1: 1, 2: 2}, 3, 1) == {3: 1, 1: 2, 2: 3}


def test_s15_the_sixth_loses_its_place() -> None:
    assert placed({n: n for n in range(1, 6)}, 6, 3) == {1: 1, 2: 2, 6: 3, 3: 4, 4: 5}


def test_s15_taking_one_out_closes_the_gap() -> None:
    assert placed({1: 1, 2: 2, 3: 3}, 2, None) == {1: 1, 3: 2}


def test_s15_a_place_beyond_the_last_becomes_the_next_free_one() -> None:
    assert placed({1: 1}, 2, 5) == {1: 1, 2: 2}


@pytest.mark.parametrize("rank", [0, -1, TOP + 1])
def test_s15_there_are_only_five_places(rank: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        placed({}, 1, rank)


@patient
@given(st.lists(st.tuples(st.integers(1, 9), st.none() | st.integers(1, TOP)), max_size=15))
def test_s15_whatever_is_moved_places_stay_1_to_n_without_a_gap(moves: list[tuple[int, int | None]]) -> None:
    ranks: dict[int, int] = {}
    for item, rank in moves:
        ranks = placed(ranks, item, rank)
        assert sorted(ranks.values()) == list(range(1, len(ranks) + 1))
        assert len(ranks) <= TOP
        assert (item in ranks) == (rank is not None)


# ---------------------------------------------------------------- S12, S13, S90 late discovery


def test_s12_late_means_a_later_phase_than_expected() -> None:
    assert issues.is_late(2, 1)
    assert not issues.is_late(1, 1)
    assert not issues.is_late(1, 2)


def test_s12_no_issue_has_no_share() -> None:
    assert issues.share([]).percent is None


@pytest.mark.parametrize(
    ("late", "of", "percent"), [(0, 4, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (1, 200, 1), (5, 5, 100)]
)
def test_s12_percent_is_whole_and_halves_go_up(late: int, of: int, percent: int) -> None:
    assert Share(late, of).percent == percent


@patient
@given(st.lists(finds, max_size=12))
def test_s12_the_share_counts_each_find_once(listed: list[Find]) -> None:
    found = issues.share(listed)
    assert found.of == len(listed)
    assert found.late == len([f for f in listed if f.found > f.expected])
    assert found.percent is None if not listed else 0 <= (found.percent or 0) <= 100


@patient
@given(st.lists(finds, max_size=12))
def test_s13_costs_by_dimension_add_up_to_everything(listed: list[Find]) -> None:
    rows = issues.cost_by_dimension(listed)
    total = sum((row.in_time + row.late for row in rows), Cost())
    assert total == Cost(len(listed), sum((f.hours for f in listed), Decimal(0)), sum(f.days for f in listed))
    assert sum(row.late.count for row in rows) == issues.share(listed).late
    assert [row.late.days for row in rows] == sorted((row.late.days for row in rows), reverse=True)


@patient
@given(st.lists(finds, max_size=12), st.integers(0, 89))
def test_s90_the_last_point_of_the_trend_is_everything_opened_until_today(listed: list[Find], ahead: int) -> None:
    today = DAY + dt.timedelta(days=ahead)
    points = issues.trend(listed, start=DAY, today=today)
    assert points[-1] == (today, issues.share(f for f in listed if f.opened <= today))
    assert [p.of for _, p in points] == sorted(p.of for _, p in points)
    assert len(points) == ahead // 7 + 1


def test_s90_before_the_first_day_there_is_no_trend() -> None:
    assert issues.trend([], start=DAY, today=DAY - dt.timedelta(days=1)) == []


def test_an_issue_ages_until_it_is_closed() -> None:
    assert issues.age_days(DAY, None, DAY + dt.timedelta(days=9)) == 9
    assert issues.age_days(DAY, DAY + dt.timedelta(days=2), DAY + dt.timedelta(days=9)) == 2
    assert issues.age_days(DAY, None, DAY - dt.timedelta(days=1)) == 0


# ---------------------------------------------------------------- S21, S48, S50 decisions


def test_s21_a_record_without_any_trade_off_is_flagged() -> None:
    assert decisions.lacks_trade_off({})
    assert decisions.lacks_trade_off(dict.fromkeys(decisions.TRADES, "  "))


@pytest.mark.parametrize("name", decisions.TRADES)
def test_s50_one_note_is_enough_and_the_rest_is_named(name: str) -> None:
    note = {name: "20 % dearer"}
    assert not decisions.lacks_trade_off(note)
    assert set(decisions.unweighed(note)) == set(decisions.TRADES) - {name}


def test_s48_the_architecture_waits_for_three_kinds() -> None:
    assert decisions.missing_kinds("g60-architecture-decided", {"access"}) == ("hosting", "integration", "scaling")
    assert decisions.missing_kinds("g60-architecture-decided", decisions.ARCHITECTURE) == ()
    assert len(decisions.ARCHITECTURE) == 4


def test_s48_other_criteria_wait_for_none() -> None:
    assert decisions.missing_kinds("g60-cost-envelope", set()) == ()


# ---------------------------------------------------------------- S39, S31


@pytest.mark.parametrize(
    ("first", "today", "late"), [(15, 40, False), (16, 40, True), (None, 15, False), (None, 16, True)]
)
def test_s39_engagement_after_its_day_is_late(first: int | None, today: int, late: bool) -> None:
    assert engagement.is_late(first, today, 15) is late


def test_s39_the_first_day_is_that_of_the_earliest_proof() -> None:
    assert engagement.first_day(DAY, [DAY + dt.timedelta(days=9), DAY + dt.timedelta(days=3)]) == 4
    assert engagement.first_day(DAY, []) is None


def test_s31_a_session_is_complete_when_all_nine_are_answered() -> None:
    nine = list(range(1, 10))
    assert challenge.is_complete(nine, dict.fromkeys(nine, "We."))
    assert not challenge.is_complete(nine, {**dict.fromkeys(nine, "We."), 4: "  "})
    assert challenge.unanswered(nine, {n: "We." for n in nine if n not in (2, 7)}) == [2, 7]
    assert not challenge.is_complete([], {})
