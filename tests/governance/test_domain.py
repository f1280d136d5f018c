"""Recurrence held against dateutil itself, rules by hand, the twelve months, grades (S75-S77, S97)."""

import datetime as dt
from decimal import Decimal
from itertools import islice, pairwise

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import example, given
from hypothesis import strategies as st

from governance.domain import benefit, schedule
from governance.domain.recurrence import expand, occurrences, placed
from governance.domain.rules import Rhythm, RuleFault, check, in_words, rhythm_of, rule_of
from governance.domain.standing import needs_sponsor, standing
from governance.enums import GovernanceKind
from programs.domain.calendar import WorkCalendar

GERMANY = WorkCalendar.build(country="DE")
FAR = dt.date(2200, 1, 1)
days = st.integers(0, 6200).map(lambda n: dt.date(2024, 1, 1) + dt.timedelta(days=n))
FREQ = {"WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


@given(days, st.sampled_from(sorted(FREQ)), st.integers(1, 7), st.integers(0, 500), st.integers(0, 900))
@example(dt.date(2024, 2, 29), "YEARLY", 1, 0, 900)
@example(dt.date(2026, 3, 29), "WEEKLY", 1, 0, 300)
@example(dt.date(2026, 10, 25), "WEEKLY", 1, 0, 300)
def test_s75_a_rule_gives_just_the_dates_dateutil_gives(
    first: dt.date, freq: str, interval: int, begin: int, length: int
) -> None:
    start = first + dt.timedelta(days=begin)
    end = start + dt.timedelta(days=length)
    direct = rrule(FREQ[freq], interval=interval, dtstart=midnight(first), until=midnight(end))
    wanted = [moment.date() for moment in direct if moment.date() >= start]
    assert list(expand(first, [f"FREQ={freq};INTERVAL={interval}"], start, end)) == wanted


@given(days, st.integers(1, 12), st.integers(1, 4))
def test_s75_the_second_rule_takes_over_from_the_last_date_of_the_first(
    first: dt.date, count: int, months: int
) -> None:
    last = first + dt.timedelta(weeks=count - 1)
    day = min(last.day, 28)
    later = f"FREQ=MONTHLY;INTERVAL={months};BYMONTHDAY={day}"
    end = last + dt.timedelta(days=800)
    found = list(expand(first, [f"FREQ=WEEKLY;COUNT={count}", later], first, end))
    weekly = [first + dt.timedelta(weeks=n) for n in range(count)]
    direct = rrule(MONTHLY, interval=months, bymonthday=day, dtstart=midnight(last), until=midnight(end))
    assert found == weekly + [m.date() for m in direct if m.date() > last]
    assert found == sorted(set(found))


@given(days, st.sampled_from([r for r in Rhythm if r not in (Rhythm.ONCE, Rhythm.RULE)]), st.integers(0, 40))
@example(dt.date(2024, 2, 29), Rhythm.YEARLY, 4)
@example(dt.date(2026, 1, 31), Rhythm.MONTHLY, 1)
@example(dt.date(2026, 8, 31), Rhythm.HALF_YEARLY, 1)
def test_s75_rhythms_of_the_form_count_months_from_their_first_day(first: dt.date, rhythm: Rhythm, n: int) -> None:
    rule = rule_of(rhythm, first)
    assert check(rule, first) == rule
    assert rhythm_of(rule, "", first) is rhythm
    steps = {Rhythm.WEEKLY: relativedelta(weeks=1), Rhythm.MONTHLY: relativedelta(months=1)}
    months = {Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}
    step = steps.get(rhythm) or relativedelta(months=months[rhythm])
    found = list(islice(expand(first, [rule], first, FAR), n, n + 1))
    assert found == [first + step * n]


@given(days, st.integers(0, 400))
def test_s75_a_window_cuts_and_never_changes_dates(first: dt.date, split: int) -> None:
    rules = ["FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"]
    middle, end = first + dt.timedelta(days=split), first + dt.timedelta(days=700)
    before = list(expand(first, rules, first, middle))
    after = list(expand(first, rules, middle + dt.timedelta(days=1), end))
    assert before + after == list(expand(first, rules, first, end))


def test_s75_once_is_its_own_day_and_no_other() -> None:
    day = dt.date(2026, 5, 4)
    assert list(expand(day, [], day, day)) == [day]
    assert list(expand(day, [], day + dt.timedelta(days=1), FAR)) == []


@given(days)
def test_s75_every_date_is_held_on_a_working_day_and_says_why_it_moved(day: dt.date) -> None:
    found = placed(day, GERMANY)
    assert GERMANY.is_working_day(found.due)
    assert bool(found.why) == (found.due != day)
    assert found.due == GERMANY.next_working_day(day)


def test_s75_a_date_that_is_moved_into_the_window_is_in_it() -> None:
    saturday, monday = dt.date(2026, 5, 2), dt.date(2026, 5, 4)
    (found,) = occurrences(saturday, ["FREQ=YEARLY"], monday, monday, GERMANY)
    assert (found.planned, found.due, found.why) == (saturday, monday, "Saturday")
    assert list(occurrences(saturday, ["FREQ=YEARLY"], saturday, saturday, GERMANY)) == []


FIRST = dt.date(2026, 5, 4)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY"),
        ("rrule:freq=monthly;byday=1mo", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=YEARLY;UNTIL=20301231", "FREQ=YEARLY;UNTIL=20301231"),
    ],
)
def test_s75_a_rule_by_hand_is_kept_in_one_spelling(text: str, clean: str) -> None:
    assert check(text, FIRST) == clean


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "Part 1, empty"),
        ("FREQ", "Part 1, FREQ: write it as NAME=VALUE"),
        ("FREQ=HOURLY", "Part 1, FREQ=HOURLY: choose one of WEEKLY"),
        ("FREQ=MONTHLY;INTERVAL=0", "Part 2, INTERVAL=0"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "Part 2, BYMONTHDAY=32"),
        ("FREQ=MONTHLY;BYDAY=MONDAY", "Part 2, BYDAY=MONDAY"),
        ("FREQ=MONTHLY;UNTIL=20261340", "Part 2, UNTIL=20261340"),
        ("FREQ=MONTHLY;FREQ=WEEKLY", "Part 2, FREQ=WEEKLY: FREQ is there twice"),
        ("FREQ=MONTHLY;BYEASTER=1", "Part 2, BYEASTER=1: BYEASTER is not known here"),
        ("FREQ=MONTHLY;COUNT=3;UNTIL=20301231", "COUNT and UNTIL exclude"),
        ("FREQ=WEEKLY;BYMONTHDAY=4", "BYMONTHDAY does not go with"),
        ("INTERVAL=2", "FREQ is missing"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "It never falls on a day"),
        ("FREQ=MONTHLY;BYMONTHDAY=5", "Its first day is 2026-05-05"),
    ],
)
def test_s75_a_rule_that_is_none_is_refused_with_the_place(text: str, place: str) -> None:
    with pytest.raises(RuleFault) as refused:
        check(text, FIRST)
    assert str(refused.value).startswith(place)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (("",), "once"),
        (("FREQ=WEEKLY;COUNT=5", "FREQ=MONTHLY;BYMONTHDAY=11"), "every week, 5 times, then every month"),
        (("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=9",), "every three months"),
        (("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=28,29;BYSETPOS=-1",), "every year"),
        (("FREQ=YEARLY",), "every year"),
        (("FREQ=MONTHLY;BYDAY=1MO",), "by the rule FREQ=MONTHLY;BYDAY=1MO"),
        (("FREQ=MONTHLY;BYMONTHDAY=1,15",), "by the rule FREQ=MONTHLY;BYMONTHDAY=1,15"),
    ],
)
def test_rhythms_in_words(rules: tuple[str, ...], words: str) -> None:
    assert in_words(*rules) == words


END = dt.date(2026, 4, 4)
FULL = [(END + relativedelta(months=n, days=10), kind) for n in range(12) for kind in ("review",)] + [
    (END + dt.timedelta(days=40), kind.value) for kind in GovernanceKind
]


def test_s75_s76_twelve_months_and_four_kinds_are_complete() -> None:
    assert schedule.reasons(END, FULL) == []


@pytest.mark.parametrize("month", range(12))
def test_s75_an_empty_month_is_named(month: int) -> None:
    low, high = END + relativedelta(months=month), END + relativedelta(months=month + 1)
    found = schedule.reasons(END, [(on, kind) for on, kind in FULL if not low < on <= high])
    assert any("11 of 12 months are scheduled" in reason for reason in found)


@pytest.mark.parametrize("kind", list(GovernanceKind))
def test_s76_a_missing_kind_is_named(kind: GovernanceKind) -> None:
    rest = [(on, other if other != kind else "other") for on, other in FULL]
    assert schedule.reasons(END, rest) == [f"No {kind.value} is scheduled in the twelve months after day 90."]


def test_s75_the_first_event_falls_inside_thirty_days() -> None:
    late = [(on, kind) for on, kind in FULL if on > END + dt.timedelta(days=30)]
    late.append((END + dt.timedelta(days=30), "other"))
    assert "Nothing is scheduled within 30 days after day 90." not in schedule.reasons(END, late)
    assert "Nothing is scheduled within 30 days after day 90." in schedule.reasons(END, late[:-1])


@given(days)
def test_s75_the_twelve_months_join_without_a_hole(end: dt.date) -> None:
    found = schedule.slots(end, [])
    assert found[0].first == end + dt.timedelta(days=1)
    assert found[-1].last == end + relativedelta(months=12)
    assert all(b.first == a.last + dt.timedelta(days=1) for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("basis", "verified", "grade"),
    [("measured", True, "A"), ("measured", False, "B"), ("estimated", True, "C"), ("none", True, "D")],
)
def test_s97_only_a_measured_and_verified_reading_is_an_a(basis: str, verified: bool, grade: str) -> None:
    assert benefit.grade(basis, verified=verified) == grade


@pytest.mark.parametrize(
    ("value", "baseline", "target", "share"),
    [("3", "4", "2", 50), ("4", "4", "2", 0), ("5", "4", "2", -50), ("95", "80", "90", 150), ("1", "1", "1", None)],
)
def test_s97_progress_counts_towards_the_target_whichever_way_it_lies(
    value: str, baseline: str, target: str, share: int | None
) -> None:
    assert benefit.progress(Decimal(value), Decimal(baseline), Decimal(target)) == share
    assert benefit.progress(None, Decimal(baseline), Decimal(target)) is None


def test_s97_two_readings_running_below_the_plan_fall_short() -> None:
    assert benefit.falls_short([39, 10])
    assert not benefit.falls_short([40, 10])
    assert not benefit.falls_short([39])
    assert benefit.falls_short([39, None, 10, 90])


def test_s94_the_third_deferral_needs_the_sponsor() -> None:
    assert [needs_sponsor(n) for n in range(4)] == [False, False, True, True]


def test_standing_by_day() -> None:
    today = dt.date(2026, 5, 4)
    at = [standing(today + dt.timedelta(days=n), today, done=False).value for n in (-1, 0, 1, 14, 15)]
    assert at == ["overdue", "today", "soon", "soon", "ahead"]
    assert standing(today, today, done=True).value == "done"
