"""When an invitation is sent, changed, called off; who is asked. Pure."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calendars.domain.attending import Meeting, Owed, attending
from calendars.domain.invites import Chain, Content, advance
from calendars.enums import Method
from reminders.enums import Part

TODAY = dt.date(2026, 2, 2)
GATE = Content("Gate 30, Claims", dt.date(2026, 2, 3))
LATER = Content("Gate 30, Claims", dt.date(2026, 2, 9))
TIMED = Content("Gate 30, Claims", dt.date(2026, 2, 3), dt.time(9), 60, "Room 4", "Europe/Berlin")
SENT = Chain(0, Method.REQUEST, GATE, None)


@pytest.mark.parametrize(
    ("chain", "wanted", "left", "expect"),
    [
        (Chain(), GATE, False, (0, Method.REQUEST)),
        (Chain(), None, False, None),
        (SENT, GATE, True, None),
        (SENT, LATER, True, (1, Method.REQUEST)),
        (SENT, TIMED, True, (1, Method.REQUEST)),
        (SENT, None, True, (1, Method.CANCEL)),
        (Chain(1, Method.CANCEL, GATE, GATE), None, True, None),
        (Chain(1, Method.CANCEL, GATE, GATE), LATER, True, (2, Method.REQUEST)),
        # Nobody heard of it, so nobody has to hear that it is off.
        (SENT, None, False, None),
        # It never left (expired or withdrawn): the next try has its own number.
        (SENT, GATE, False, (1, Method.REQUEST)),
        # A day that has passed is nobody's news, neither as an invitation nor as a cancellation.
        (Chain(), Content("Gate", TODAY - dt.timedelta(days=1)), False, None),
        (Chain(0, Method.REQUEST, Content("Gate", TODAY - dt.timedelta(days=1)), None), None, True, None),
    ],
)
def test_the_next_mail(chain: Chain, wanted: Content | None, left: bool, expect: tuple[int, Method] | None) -> None:
    after, _ = advance(chain, wanted, TODAY, left=left, waiting=False)
    assert (None if after == chain else (after.sequence, after.method)) == expect


def test_a_waiting_mail_that_says_it_stays_and_one_that_does_not_is_withdrawn() -> None:
    moved = Chain(1, Method.REQUEST, LATER, GATE)
    assert advance(moved, LATER, TODAY, left=False, waiting=True) == (moved, False)
    # Moved back before anybody heard: the calendar is right as it is.
    assert advance(moved, GATE, TODAY, left=False, waiting=True) == (moved, True)
    # Moved back after it may have left: it must be said again, with a higher number.
    assert advance(moved, GATE, TODAY, left=True, waiting=True)[0] == Chain(2, Method.REQUEST, GATE, LATER)


def test_a_decided_event_is_not_called_off_on_its_own_day() -> None:
    today = Chain(0, Method.REQUEST, Content("Gate", TODAY), None)
    assert advance(today, None, TODAY, left=True, waiting=False, happened=True) == (today, False)
    assert advance(today, None, TODAY, left=True, waiting=False)[0].method is Method.CANCEL
    assert advance(SENT, None, TODAY, left=True, waiting=False, happened=True)[0].method is Method.CANCEL


STEP = st.tuples(
    st.one_of(
        st.none(), st.builds(Content, st.sampled_from(["A", "B"]), st.dates(TODAY, TODAY + dt.timedelta(days=5)))
    ),
    st.sampled_from(["waits", "leaves", "lost", "uncertain"]),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # CI shares its cores
@given(st.lists(STEP, max_size=12))
def test_the_sequence_only_grows_and_the_calendar_ends_up_right(history: list[tuple[Content | None, str]]) -> None:
    """Move, hold, resume, stop, join, leave in any order, each mail leaving or not: what a calendar shows is wanted."""
    chain, left, waiting, calendar, newest = Chain(), False, False, None, -1
    for wanted, fate in history:
        after, withdrawn = advance(chain, wanted, TODAY, left=left, waiting=waiting)
        assert after.sequence in (chain.sequence, chain.sequence + 1)
        if after != chain:
            assert after.sequence == chain.sequence + 1
            chain, left, waiting = after, False, True
        elif withdrawn:
            waiting = False
        again, withdraw = advance(chain, wanted, TODAY, left=left, waiting=waiting)
        assert (again, withdraw) == (chain, False), "the same content twice is no new mail"
        lost = waiting and fate == "lost"
        if waiting and fate in ("leaves", "uncertain"):
            # Only a mail whose fate is not known goes out again under its own number.
            assert chain.sequence > newest or (left and chain.sequence == newest)
            newest, left, waiting = chain.sequence, True, fate == "uncertain"
            calendar = chain.content if chain.method is Method.REQUEST else None
        waiting = waiting and not lost
        if not waiting and not lost:
            assert calendar == wanted


def test_who_is_asked() -> None:
    people = {"sponsor": 1, "program-manager": 2, "risk": 3, "finance": 4}
    gate = Meeting(7, False, TODAY, GATE.on, ("sponsor", "risk", "finance", "vacant"), {"finance": 9})
    assert {pk: seat.part for pk, seat in attending(gate, people, [Owed(7, GATE.on, 8, "x")]).items()} == {
        1: Part.SPONSOR, 2: Part.MANAGER, 3: Part.GATEKEEPER, 9: Part.GATEKEEPER,
    }  # fmt: skip
    day = dt.timedelta(days=1)
    checkpoint = Meeting(8, True, TODAY - 20 * day, TODAY)
    owed = [
        Owed(7, TODAY - 21 * day, 5, "before the phase"),
        Owed(7, TODAY - 20 * day, 6, "first day"),
        Owed(7, TODAY + day, 7, "later"),
        Owed(8, TODAY + day, 10, "its own"),
        Owed(7, TODAY, None, "nobody"),
    ]
    assert {pk: seat.role for pk, seat in attending(checkpoint, people, owed).items()} == {
        2: "program-manager", 6: "first day", 10: "its own",
    }  # fmt: skip


def test_content_survives_json() -> None:
    for content in (GATE, TIMED):
        assert Content.of_json(content.as_json()) == content
