"""Drafted facts: finished, slipped, risen, asked, from activity entries alone (issue 5)."""

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from updates.domain.draft import Fact, Group, Happened, draft, grouped


def entry(verb: str, subject: int = 1, label: str = "Load test", **data: object) -> Happened:
    return Happened(verb, verb.partition(".")[0], subject, label, data)


def texts(*entries: Happened) -> list[tuple[str, str]]:
    return [(fact.group.value, fact.text) for fact in draft(entries)]


def test_each_group_has_its_sentence() -> None:
    assert texts(
        entry("scope.requested", 4, "Leave out motor"),
        entry("risk.rescored", 3, "Drift goes unseen", before=8, after=16),
        entry("item.redated", 2, "Bias test", before="2026-01-20", after="2026-01-27"),
        entry("task.done"),
    ) == [
        ("finished", "Load test is done"),
        ("slipped", "Bias test moved 7 days later, to 27 Jan"),
        ("risen", "Risk up from 8 to 16: Drift goes unseen"),
        ("asked", "Scope change asked for: Leave out motor"),
    ]


def test_what_is_no_news_is_left_out() -> None:
    assert texts(entry("criterion.evidence_added"), entry("update.posted"), entry("reminder.resent")) == []


def test_a_task_that_was_opened_again_is_not_finished() -> None:
    assert texts(entry("task.done"), entry("task.reopened")) == [("slipped", "Reopened: Load test")]


def test_a_risk_that_fell_has_not_risen() -> None:
    assert texts(entry("risk.rescored", before=16, after=8)) == []
    assert texts(entry("risk.rescored", before=None, after=8)) == []


def test_several_moves_of_one_date_are_one_slip_from_the_first_to_the_last() -> None:
    moved = [
        entry("item.redated", before="2026-01-20", after="2026-01-27"),
        entry("item.redated", before="2026-01-27", after="2026-02-03"),
    ]
    assert texts(*moved) == [("slipped", "Load test moved 14 days later, to 3 Feb")]


def test_a_date_that_came_back_did_not_slip() -> None:
    back = entry("item.redated", before="2026-01-27", after="2026-01-20")
    assert texts(entry("item.redated", before="2026-01-20", after="2026-01-27"), back) == []


def test_a_broken_date_is_passed_over() -> None:
    assert texts(entry("item.redated", before="soon", after="2026-01-27")) == []


def test_long_groups_are_cut_and_counted() -> None:
    facts = [Fact(Group.FINISHED, f"Task {n} is done", ("task", n)).as_data() for n in range(15)]
    first = grouped(facts)[0]
    assert (len(first[1]), first[2]) == (12, 3)
    assert [group.value for group, _, _ in grouped([])] == ["finished", "slipped", "risen", "asked"]


@given(st.lists(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), min_size=2, max_size=8))
def test_a_chain_of_moves_tells_the_distance_from_first_to_last(days: list[dt.date]) -> None:
    moves = [entry("item.redated", before=a.isoformat(), after=b.isoformat()) for a, b in itertools.pairwise(days)]
    found = draft(moves)
    late = (days[-1] - days[0]).days
    assert [fact.text for fact in found] == (
        [f"Load test moved {late} day{'s' if late != 1 else ''} later, to {days[-1].day} {days[-1]:%b}"]
        if late > 0
        else []
    )
