"""The order of attention lines: harm times nearness, no kind crowding out another."""

import datetime as dt

import pytest

from dashboard.domain.attention import Kind, Line, nearness, ranked
from dashboard.domain.words import VerdictFacts, greeting, in_days, recently, since, verdict

TODAY = dt.date(2026, 1, 28)


def line(kind: Kind, days: int, title: str = "", weight: float = 1.0) -> Line:
    """A line `days` from today."""
    return Line(kind, "red", title or f"{kind} {days}", "why", "/x/", "Open", TODAY + dt.timedelta(days=days), weight)


@pytest.mark.parametrize(("days", "expected"), [(0, 1.0), (7, 0.5), (21, 0.25), (-1, 1.1), (-10, 2.0), (-40, 2.0)])
def test_nearness_halves_at_a_week_and_doubles_at_ten_days_late(days: int, expected: float) -> None:
    assert nearness(TODAY + dt.timedelta(days=days), TODAY) == pytest.approx(expected)


def test_harm_comes_before_nearness_when_both_are_late() -> None:
    lines = [line(Kind.TASK, -10), line(Kind.GATE_OVERDUE, -1), line(Kind.OVERDUE, -10)]
    assert [found.kind for found in ranked(lines, today=TODAY)] == [Kind.OVERDUE, Kind.GATE_OVERDUE, Kind.TASK]


def test_twenty_late_criteria_do_not_hide_an_empty_role() -> None:
    lines = [line(Kind.OVERDUE, -day) for day in range(1, 21)] + [line(Kind.VACANT, 14), line(Kind.TASK, -1)]
    kinds = [found.kind for found in ranked(lines, today=TODAY)]
    assert len(kinds) == 5
    assert {Kind.VACANT, Kind.TASK} < set(kinds)
    assert kinds.count(Kind.OVERDUE) == 3


def test_what_cannot_be_waived_weighs_more_than_the_same_lateness_elsewhere() -> None:
    plain, hard = line(Kind.OVERDUE, -3, "plain"), line(Kind.OVERDUE, -3, "hard", weight=1.5)
    assert [found.title for found in ranked([plain, hard], today=TODAY)] == ["hard", "plain"]


def test_equal_lines_stand_in_a_fixed_order() -> None:
    lines = [line(Kind.OVERDUE, -3, title) for title in ("b", "a")]
    assert [found.title for found in ranked(lines, today=TODAY)] == ["a", "b"]
    assert ranked([], today=TODAY) == []


def facts(**changes: object) -> VerdictFacts:
    """A gate ahead in 23 days."""
    values: dict[str, object] = {
        "reason": "Pace is 0.79; 1.00 is on plan.",
        "gate_name": "Gate 60",
        "gate_days": 23,
        "musts": 9,
        "musts_met": 6,
        "weakest": "Ownership",
        "weakest_points": 0,
    }
    return VerdictFacts(**{**values, **changes})  # type: ignore[arg-type]  # values are chosen by the tests


def test_the_verdict_is_the_rule_and_then_the_gate_in_numbers() -> None:
    assert verdict(facts()) == (
        "Pace is 0.79; 1.00 is on plan. Gate 60 in 23 days: 6 of 9 must-meets verified, weakest is Ownership at 0."
    )


def test_the_verdict_says_that_a_gate_is_overdue() -> None:
    assert "Gate 60 was due 3 days ago: 6 of 9" in verdict(facts(gate_days=-3))


def test_the_verdict_leaves_out_what_there_is_not() -> None:
    assert verdict(facts(gate_name="")) == "Pace is 0.79; 1.00 is on plan."
    assert verdict(facts(weakest_points=100)).endswith("6 of 9 must-meets verified.")


def test_distances_are_words() -> None:
    assert [in_days(days) for days in (-3, -1, 0, 1, 23)] == [
        "3 days ago",
        "yesterday",
        "today",
        "tomorrow",
        "in 23 days",
    ]
    assert since(TODAY, TODAY) == "since today"
    assert since(TODAY - dt.timedelta(days=1), TODAY) == "for 1 day"
    assert recently(TODAY - dt.timedelta(days=12), TODAY) == "12 days ago"
    assert [greeting(hour) for hour in (4, 5, 11, 12, 17, 18)] == [
        "Good evening", "Good morning", "Good morning", "Good afternoon", "Good afternoon", "Good evening",
    ]  # fmt: skip
