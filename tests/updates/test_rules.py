"""What an update must say, and when the next one is due."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phases.domain.status import Colour
from programs.domain.calendar import WorkCalendar
from updates.domain.rules import Ask, Option, UpdateInput, current_due, due_day, faults, is_missed

TODAY = dt.date(2026, 1, 27)
BERLIN = WorkCalendar(country="DE")
GREEN = UpdateInput(Colour.GREEN, "All due is proven.")
WAY = UpdateInput(
    Colour.AMBER, "Late by a week.", way_back="Second labeller", way_back_owner=1, way_back_on=dt.date(2026, 2, 3)
)
ASK = Ask("Add Lyon?", (Option("Add", "38 k"), Option("Wait", "A slip")), 0, dt.date(2026, 2, 3), "Gate 2 moves")


def missing(wanted: UpdateInput, computed: Colour) -> list[str]:
    return [fault.field for fault in faults(wanted, computed, people=[1], today=TODAY)]


def test_a_green_update_needs_only_its_sentence() -> None:
    assert missing(GREEN, Colour.GREEN) == []
    assert missing(replace(GREEN, verdict="  "), Colour.GREEN) == ["verdict"]


@pytest.mark.parametrize("colour", [Colour.AMBER, Colour.RED])
def test_amber_and_red_need_a_way_back_with_owner_and_day(colour: Colour) -> None:
    assert missing(UpdateInput(colour, "Late."), colour) == ["way_back", "way_back_owner", "way_back_on"]
    assert missing(replace(WAY, colour=colour), colour) == []


def test_declaring_green_over_a_computed_red_does_not_excuse_the_way_back() -> None:
    wanted = UpdateInput(Colour.GREEN, "Fine.", reason="Proof arrives tomorrow.", expires_on=dt.date(2026, 2, 3))
    assert missing(wanted, Colour.RED) == ["way_back", "way_back_owner", "way_back_on"]


def test_seeing_it_differently_needs_a_reason_and_better_needs_an_end() -> None:
    assert missing(WAY, Colour.RED) == ["reason", "expires_on"]
    assert missing(replace(WAY, colour=Colour.RED), Colour.AMBER) == ["reason"]


def test_the_way_back_is_somebody_of_the_program_and_not_in_the_past() -> None:
    wanted = replace(WAY, way_back_owner=2, way_back_on=dt.date(2026, 1, 26))
    assert missing(wanted, Colour.AMBER) == ["way_back_owner", "way_back_on"]


def test_an_ask_names_two_options_a_recommendation_a_day_and_the_cost_of_silence() -> None:
    assert missing(replace(GREEN, ask=ASK), Colour.GREEN) == []
    bare = Ask("Add Lyon?", (Option("Add", ""),), 0, None, "")
    assert missing(replace(GREEN, ask=bare), Colour.GREEN) == ["option_1", "ask_by", "ask_silence"]
    assert missing(replace(GREEN, ask=replace(ASK, recommended=2)), Colour.GREEN) == ["recommended"]
    past = replace(ASK, by=dt.date(2026, 1, 26))
    assert missing(replace(GREEN, ask=past), Colour.GREEN) == ["ask_by"]


def test_due_on_mondays_and_on_the_next_working_day_after_a_holiday() -> None:
    assert due_day(dt.date(2026, 1, 29), BERLIN) == dt.date(2026, 1, 26)
    assert due_day(dt.date(2026, 4, 8), BERLIN) == dt.date(2026, 4, 7)  # Easter Monday is 6 April


def test_nothing_is_due_in_the_first_week() -> None:
    start = dt.date(2026, 1, 5)
    assert current_due(dt.date(2026, 1, 9), start, BERLIN) is None
    assert current_due(dt.date(2026, 1, 12), start, BERLIN) == dt.date(2026, 1, 12)


def test_missed_from_the_day_after_unless_posted_since_the_friday_before() -> None:
    monday = dt.date(2026, 1, 26)
    assert not is_missed(monday, None, monday)
    assert is_missed(monday, None, TODAY)
    assert is_missed(monday, dt.date(2026, 1, 22), TODAY)
    assert not is_missed(monday, dt.date(2026, 1, 23), TODAY)
    assert not is_missed(None, None, TODAY)


@given(st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)))
def test_the_due_day_is_a_working_day_and_never_after_a_week_ahead(today: dt.date) -> None:
    due = due_day(today, BERLIN)
    assert BERLIN.is_working_day(due)
    assert -7 < (today - due).days < 7
    current = current_due(today, dt.date(2025, 1, 1), BERLIN)
    assert current is not None
    assert current <= today
