"""Limits, schedule, categories, words: the rules of a metric as pure functions (S51-S54, G14)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.domain import categories, looks
from metrics.domain.clock import acknowledge_by
from metrics.domain.limits import Bounds, Limits, faults, plain, weakened
from metrics.domain.schedule import Waiting, due_after, waiting
from metrics.enums import AlertLevel, Direction, Frequency, Freshness
from programs.domain.calendar import WorkCalendar

D = Decimal
GERMANY = WorkCalendar.build(country="DE")
HIGHER = Limits(Direction.HIGHER, Bounds(low=D(60)), Bounds(low=D(40)), Bounds(low=D(20)))
LOWER = Limits(Direction.LOWER, Bounds(high=D(800)), Bounds(high=D(1200)), Bounds(high=D(2500)))
RANGE = Limits(Direction.RANGE, Bounds(D(5), D(20)), Bounds(D(5), D(20)), Bounds(D(2), D(35)))
NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2)
FRESH = Waiting(Freshness.FRESH)


@pytest.mark.parametrize(
    ("limits", "value", "level"),
    [
        (HIGHER, "40", None),
        (HIGHER, "39.9999", AlertLevel.WARNING),
        (HIGHER, "20", AlertLevel.WARNING),
        (HIGHER, "19.9999", AlertLevel.CRITICAL),
        (HIGHER, "999", None),
        (LOWER, "1200", None),
        (LOWER, "1200.01", AlertLevel.WARNING),
        (LOWER, "2501", AlertLevel.CRITICAL),
        (LOWER, "-5", None),
        (RANGE, "5", None),
        (RANGE, "4.9", AlertLevel.WARNING),
        (RANGE, "20.1", AlertLevel.WARNING),
        (RANGE, "1.9", AlertLevel.CRITICAL),
        (RANGE, "35.1", AlertLevel.CRITICAL),
        (Limits(Direction.HIGHER), "-1000", None),
    ],
)
def test_s54_a_reading_breaches_the_worst_limit_it_lies_outside_of(
    limits: Limits, value: str, level: AlertLevel | None
) -> None:
    assert limits.level(D(value)) is level


@given(st.lists(NUMBERS, min_size=3, max_size=3, unique=True).map(sorted), NUMBERS, NUMBERS)
def test_s54_a_worse_reading_is_never_judged_better(ends: list[Decimal], one: Decimal, other: Decimal) -> None:
    critical, warn, target = ends
    limits = Limits(Direction.HIGHER, Bounds(low=target), Bounds(low=warn), Bounds(low=critical))
    order = [None, AlertLevel.WARNING, AlertLevel.CRITICAL]
    low, high = sorted([one, other])
    assert not faults(limits)
    assert order.index(limits.level(low)) >= order.index(limits.level(high))


@pytest.mark.parametrize(
    ("limits", "fields"),
    [
        (HIGHER, []),
        (LOWER, []),
        (RANGE, []),
        (Limits(Direction.HIGHER, Bounds(high=D(1))), ["target_high"]),
        (Limits(Direction.LOWER, warn=Bounds(low=D(1))), ["warn_low"]),
        (Limits(Direction.RANGE, Bounds(D(9), D(1))), ["target_high"]),
        (Limits(Direction.HIGHER, Bounds(low=D(40)), Bounds(low=D(60))), ["warn_low"]),
        (Limits(Direction.LOWER, Bounds(high=D(1)), Bounds(high=D(9)), Bounds(high=D(5))), ["critical_high"]),
        (Limits(Direction.RANGE, Bounds(D(5), D(20)), critical=Bounds(D(6), D(19))), ["critical_low", "critical_high"]),
    ],
)
def test_limits_lie_in_order_and_on_the_side_that_counts(limits: Limits, fields: list[str]) -> None:
    assert [field for field, _ in faults(limits)] == fields


@pytest.mark.parametrize(
    ("new", "weaker"),
    [
        (HIGHER, []),
        (Limits(Direction.HIGHER, Bounds(low=D(70)), Bounds(low=D(40)), Bounds(low=D(20))), []),
        (Limits(Direction.HIGHER, Bounds(low=D(60)), Bounds(low=D(39)), Bounds(low=D(20))), ["warning limit"]),
        (Limits(Direction.HIGHER, Bounds(low=D(60)), Bounds(low=D(40))), ["critical limit"]),
        (LOWER, ["target", "warning limit", "critical limit"]),
    ],
)
def test_g14_letting_more_pass_is_weakening(new: Limits, weaker: list[str]) -> None:
    assert weakened(HIGHER, new) == weaker


@pytest.mark.parametrize(
    ("bounds", "words", "outside"),
    [
        (Bounds(low=D("60.0000")), "60 or more", "below 60"),
        (Bounds(high=D("0.1000")), "0.1 or less", "above 0.1"),
        (Bounds(D(5), D(20)), "5 to 20", "outside 5 to 20"),
        (Bounds(), "", ""),
    ],
)
def test_limits_are_said_in_words(bounds: Bounds, words: str, outside: str) -> None:
    assert (bounds.words, bounds.outside) == (words, outside)


@pytest.mark.parametrize(
    ("value", "text"), [("0", "0"), ("100.0000", "100"), ("-0.5000", "-0.5"), ("1E+3", "1000"), ("12.3456", "12.3456")]
)
def test_numbers_carry_no_zeros_that_say_nothing(value: str, text: str) -> None:
    assert plain(D(value)) == text


# ---------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("last", "frequency", "due", "silent_after"),
    [
        ("2026-01-20", Frequency.DAILY, "2026-01-21", "2026-01-22"),
        ("2026-01-23", Frequency.DAILY, "2026-01-26", "2026-01-27"),  # over a weekend
        ("2026-04-02", Frequency.DAILY, "2026-04-07", "2026-04-08"),  # over Easter
        ("2026-01-20", Frequency.WEEKLY, "2026-01-27", "2026-02-03"),
        ("2026-03-27", Frequency.WEEKLY, "2026-04-07", "2026-04-10"),  # due on Good Friday, so after Easter
        ("2026-01-31", Frequency.MONTHLY, "2026-03-02", "2026-03-31"),  # the 28th is a Saturday
    ],
)
def test_a_reading_is_due_after_one_period_and_nothing_is_known_after_two(
    last: str, frequency: Frequency, due: str, silent_after: str
) -> None:
    start, until, end = map(dt.date.fromisoformat, (last, due, silent_after))
    day = dt.timedelta(days=1)
    assert due_after(start, frequency, GERMANY) == until
    assert waiting(start, until, frequency, GERMANY).freshness is Freshness.FRESH
    assert waiting(start, until + day, frequency, GERMANY).freshness is Freshness.OVERDUE
    assert waiting(start, end, frequency, GERMANY).freshness in (Freshness.OVERDUE, Freshness.FRESH)
    assert waiting(start, end + day, frequency, GERMANY).freshness is Freshness.SILENT


@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    st.integers(0, 120),
    st.sampled_from(list(Frequency)),
)
def test_waiting_only_gets_worse_with_the_days(last: dt.date, days: int, frequency: Frequency) -> None:
    order = [Freshness.FRESH, Freshness.OVERDUE, Freshness.SILENT]
    today = last + dt.timedelta(days=days)
    now, later = (waiting(last, day, frequency, GERMANY) for day in (today, today + dt.timedelta(days=1)))
    assert order.index(now.freshness) <= order.index(later.freshness)
    assert now.is_known == (now.freshness is not Freshness.SILENT)


def test_s71_what_must_report_since_launch_is_silent_even_if_it_never_did() -> None:
    launch, today = dt.date(2026, 3, 20), dt.date(2026, 3, 30)
    assert waiting(None, today, Frequency.DAILY, GERMANY).freshness is Freshness.NEVER
    assert waiting(None, launch, Frequency.DAILY, GERMANY, expected_since=launch).freshness is Freshness.NEVER
    assert waiting(None, today, Frequency.DAILY, GERMANY, expected_since=launch).freshness is Freshness.SILENT
    fresh = waiting(today, today, Frequency.DAILY, GERMANY, expected_since=launch)
    assert fresh.freshness is Freshness.FRESH


# ---------------------------------------------------------------- categories


def test_s52_s53_a_set_with_only_quality_metrics_misses_the_other_five() -> None:
    assert categories.missing([("quality", True), ("quality", True)]) == (
        "reliability", "response time", "cost", "adoption", "outcome",
    )  # fmt: skip


def test_s51_an_unconfirmed_example_covers_nothing() -> None:
    everything = [(category, True) for category in categories.REQUIRED]
    assert categories.missing(everything) == ()
    assert categories.missing([*everything[1:], ("reliability", False)]) == ("reliability",)


# ---------------------------------------------------------------- looks


@pytest.mark.parametrize(
    ("value", "freshness", "alert", "investigated", "colour", "word"),
    [
        (None, Freshness.NEVER, False, True, "grey", "No reading yet"),
        ("70", Freshness.SILENT, False, True, "grey", "Not reported"),
        ("10", Freshness.SILENT, True, False, "grey", "Not reported"),
        ("70", Freshness.FRESH, False, True, "green", "On target"),
        ("70", Freshness.OVERDUE, False, True, "amber", "Reading overdue"),
        ("50", Freshness.FRESH, False, True, "amber", "Below target"),
        ("30", Freshness.FRESH, True, True, "amber", "Warning"),
        ("30", Freshness.FRESH, True, False, "red", "Warning, nobody investigates"),
        ("10", Freshness.FRESH, True, True, "red", "Critical"),
        ("10", Freshness.FRESH, True, False, "red", "Critical, nobody investigates"),
    ],
)
def test_s73_unknown_is_grey_and_an_alert_nobody_looks_into_is_red(
    value: str | None, freshness: Freshness, alert: bool, investigated: bool, colour: str, word: str
) -> None:
    shown = looks.look(
        HIGHER, None if value is None else D(value), Waiting(freshness), alert=alert, investigated=investigated
    )
    assert shown == looks.Look(colour, word)


def test_without_a_target_a_value_is_not_called_good() -> None:
    assert looks.look(Limits(Direction.HIGHER), D(1), FRESH).colour == "grey"
    assert looks.look(LOWER, D(900), FRESH).word == "Above target"
    assert looks.look(Limits(Direction.RANGE, Bounds(D(5), D(20))), D(21), FRESH).word == "Outside its range"


def test_a_picture_has_a_sentence_as_its_name() -> None:
    name = looks.series_name("Active use", [D(9), D(14), D(20), D(30), D(41)], "%", HIGHER)
    assert name == "Active use: 9, 14, … 41 %; target 60 or more"
    assert looks.series_name("Active use", [], "%", HIGHER) == "Active use: no reading yet"


def test_s74_the_clock_is_the_programs_own_number() -> None:
    opened = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)
    assert acknowledge_by(opened, AlertLevel.CRITICAL, {}) == opened + dt.timedelta(hours=4)
    assert acknowledge_by(opened, AlertLevel.WARNING, {}) == opened + dt.timedelta(hours=24)
    own = {"alert_critical_ack_hours": 1}
    assert acknowledge_by(opened, AlertLevel.CRITICAL, own) == opened + dt.timedelta(hours=1)
