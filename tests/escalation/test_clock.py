"""Escalation clocks by properties: working hours, holidays, both clock changes, every zone (issue 4; S74).

The oracle counts quarters of an hour one by one, with zoneinfo alone; it shares nothing with the clock under test.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.domain.clock import Hours, Terms, Wait, due_instants, next_due, next_moment
from escalation.domain.words import wait_words
from programs.domain.calendar import NoWorkingDayError, WorkCalendar
from programs.enums import Duration

BERLIN = Terms(WorkCalendar("DE"), "Europe/Berlin", Hours(9, 17))
EMERGENCY = Terms(WorkCalendar("DE"), "Europe/Berlin", Hours(9, 17), round_the_clock=True)
QUARTER = timedelta(minutes=15)
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Africa/Casablanca", "America/Sao_Paulo", "Pacific/Apia", "Pacific/Chatham", "America/St_Johns",
)  # fmt: skip
for _country in ("DE", "US", "IN"):  # a country's holidays are worked out once, slowly; not while examples are drawn
    for _year in (2026, 2027):
        WorkCalendar(_country).is_working_day(date(_year, 1, 1))
# Weeks in which clocks change somewhere, and ordinary ones.
WEEKS = st.sampled_from([date(2026, 3, 6), date(2026, 3, 27), date(2026, 10, 23), date(2026, 4, 2), date(2026, 12, 23)])
STARTS = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + minutes * QUARTER,
    WEEKS,
    st.integers(0, 4 * 24 * 5),
)


@st.composite
def terms(draw: st.DrawFn, *, always: bool | None = None) -> Terms:
    """Any calendar with a working day a week, in any zone, with any hours that lie in one day."""
    opens = draw(st.integers(0, 21))
    calendar = WorkCalendar.build(
        country=draw(st.sampled_from(["", "DE", "US", "IN"])),
        weekend=draw(st.sets(st.integers(0, 6), max_size=5)),
        extra_days_off=draw(st.sets(st.dates(date(2026, 3, 1), date(2026, 12, 31)), max_size=8)),
    )
    return Terms(
        calendar,
        draw(st.sampled_from(ZONES)),
        Hours(opens, draw(st.integers(opens + 1, 23))),
        draw(st.booleans()) if always is None else always,
    )


WAITS = st.lists(st.builds(Wait, st.sampled_from(list(Duration)), st.integers(0, 12)), min_size=1, max_size=6)


def worked(at: datetime, by: Terms) -> bool:
    """Whether `at` lies in working hours, by the wall clock there."""
    local = at.astimezone(ZoneInfo(by.zone))
    return by.calendar.is_working_day(local.date()) and by.hours.opens <= local.hour < by.hours.closes


def quarters(start: datetime, end: datetime, by: Terms) -> int:
    """Quarters of an hour worked between two instants."""
    count = 0
    while start < end:
        count += worked(start, by)
        start += QUARTER
    return count


@given(WAITS, STARTS, terms())
def test_the_first_rung_is_told_at_the_start_and_no_rung_before_the_one_before_it(
    waits: list[Wait], start: datetime, by: Terms
) -> None:
    due = due_instants(waits, start, by)
    assert len(due) == len(waits)
    assert due[0] == start
    assert list(due) == sorted(due)
    assert all(at.tzinfo is UTC for at in due)


@given(WAITS, STARTS, st.integers(0, 4 * 24 * 3), terms())
def test_who_starts_later_is_never_told_earlier(waits: list[Wait], start: datetime, later: int, by: Terms) -> None:
    early, late = due_instants(waits, start, by), due_instants(waits, start + later * QUARTER, by)
    assert all(first <= second for first, second in zip(early, late, strict=True))


@settings(max_examples=60)
@given(STARTS, st.integers(1, 20), terms(always=False))
def test_hours_are_hours_in_which_the_program_works(start: datetime, amount: int, by: Terms) -> None:
    due = due_instants([Wait(Duration.AT_ONCE), Wait(Duration.HOURS, amount)], start, by)[1]
    assert quarters(start, due, by) == 4 * amount
    assert worked(due - QUARTER, by), "it ends with the last hour worked, not some time after"


@given(STARTS, st.integers(0, 72), terms(always=True))
def test_an_emergencys_hours_are_hours(start: datetime, amount: int, by: Terms) -> None:
    due = due_instants([Wait(Duration.AT_ONCE), Wait(Duration.HOURS, amount)], start, by)[1]
    assert due - start == timedelta(hours=amount)


@given(STARTS, st.integers(1, 12), terms())
def test_working_days_are_counted_and_end_within_working_hours(start: datetime, amount: int, by: Terms) -> None:
    due = due_instants([Wait(Duration.AT_ONCE), Wait(Duration.WORKING_DAYS, amount)], start, by)[1]
    zone = ZoneInfo(by.zone)
    first, last = next_moment(start, by).astimezone(zone), due.astimezone(zone)
    assert by.calendar.working_days_between(first.date(), last.date()) == amount
    assert worked(due, by) or worked(due - QUARTER, by)


@given(STARTS, terms(always=False))
def test_the_same_day_is_the_working_day_in_which_it_started(start: datetime, by: Terms) -> None:
    due = due_instants([Wait(Duration.AT_ONCE), Wait(Duration.SAME_DAY)], start, by)[1]
    began = next_moment(start, by)
    assert due.astimezone(ZoneInfo(by.zone)).date() == began.astimezone(ZoneInfo(by.zone)).date()
    assert quarters(began, due, by) * QUARTER == due - began, "nothing but working time lies between"


@given(STARTS, terms())
def test_the_next_moment_is_worked_and_nothing_worked_is_skipped(start: datetime, by: Terms) -> None:
    found = next_moment(start, by)
    assert found >= start
    assert worked(found, by)
    assert quarters(start, found, by) == 0


@given(WAITS, STARTS, terms(), st.lists(st.integers(0, 4 * 24 * 2), max_size=6))
def test_whatever_the_delays_every_rung_has_its_turn_in_order(
    waits: list[Wait], start: datetime, by: Terms, delays: list[int]
) -> None:
    due = due_instants(waits, start, by)
    reached: list[datetime] = []
    for place in range(len(waits)):
        at = next_due(waits, start, reached, by)
        assert at is not None
        assert at >= due[place]
        if reached:
            late = reached[-1] > due[place - 1]
            assert at - reached[-1] >= (due[place] - due[place - 1] if late else timedelta(0))
        reached.append(at + (delays[place] if place < len(delays) else 0) * QUARTER)
    assert reached == sorted(reached)
    assert next_due(waits, start, reached, by) is None


def local(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("by", "unit", "amount", "start", "due"),
    [
        # Friday 15:00: two hours are left of the day, two fall on Monday.
        (BERLIN, "hours", 4, "2026-01-16 15:00", "2026-01-19 11:00"),
        # Good Friday and Easter Monday are no working days in Germany; the clocks went forward on 29 March.
        (BERLIN, "hours", 4, "2026-04-02 16:00", "2026-04-07 12:00"),
        (BERLIN, "working_days", 1, "2026-04-02 16:00", "2026-04-07 16:00"),
        # Before opening it counts from nine o'clock; after closing from the next morning.
        (BERLIN, "hours", 1, "2026-01-12 06:30", "2026-01-12 10:00"),
        (BERLIN, "working_days", 1, "2026-01-12 20:00", "2026-01-14 09:00"),
        (BERLIN, "same_day", 0, "2026-01-12 10:00", "2026-01-12 17:00"),
        (BERLIN, "same_day", 0, "2026-01-16 17:00", "2026-01-19 17:00"),
        (BERLIN, "minutes", 45, "2026-01-17 23:30", "2026-01-18 00:15"),
        # Over both changes an emergency waits four real hours.
        (EMERGENCY, "hours", 4, "2026-03-29 01:00", "2026-03-29 06:00"),
        (EMERGENCY, "hours", 4, "2026-10-25 01:00", "2026-10-25 04:00"),
        (EMERGENCY, "same_day", 0, "2026-10-25 01:00", "2026-10-25 17:00"),
        (EMERGENCY, "same_day", 0, "2026-10-25 22:00", "2026-10-25 22:00"),
        # Working days keep the wall clock over both changes.
        (BERLIN, "working_days", 1, "2026-03-27 14:00", "2026-03-30 14:00"),
        (BERLIN, "working_days", 1, "2026-10-23 14:00", "2026-10-26 14:00"),
    ],
)
def test_cases_to_read(by: Terms, unit: str, amount: int, start: str, due: str) -> None:
    found = due_instants([Wait(Duration.AT_ONCE), Wait(Duration(unit), amount)], local(start), by)[1]
    assert found == local(due)


def test_a_short_delay_does_not_push_a_rung_into_the_next_day() -> None:
    """Told a minute late on Monday, a rung due at closing is still told that Monday."""
    by = Terms(BERLIN.calendar, BERLIN.zone, BERLIN.hours, patience=timedelta(minutes=30))
    start = local("2026-01-12 16:30")
    waits = [Wait(Duration.AT_ONCE), Wait(Duration.SAME_DAY)]
    assert next_due(waits, start, [start + timedelta(minutes=1)], by) == local("2026-01-12 17:00")
    assert next_due(waits, start, [start + timedelta(minutes=31)], by) == local("2026-01-13 09:00")


def test_hours_must_lie_in_one_day_and_a_calendar_must_work() -> None:
    with pytest.raises(ValueError, match="not within one day"):
        Hours(17, 9)
    never = Terms(WorkCalendar(weekend=frozenset(range(7))), "UTC", Hours(9, 17))
    with pytest.raises(NoWorkingDayError):
        due_instants([Wait(Duration.AT_ONCE), Wait(Duration.HOURS, 1)], local("2026-01-12 10:00"), never)


@pytest.mark.parametrize(
    ("unit", "amount", "options", "words"),
    [
        ("at_once", 0, {}, "at once"),
        ("hours", 1, {}, "after 1 working hour"),
        ("hours", 4, {"round_the_clock": True}, "after 4 hours"),
        ("minutes", 30, {}, "after 30 minutes"),
        ("working_days", 2, {"first": True}, "at once, with 2 working days to act"),
        ("same_day", 0, {"first": True}, "at once, to act the same day"),
        ("same_day", 0, {}, "the same day"),
    ],
)
def test_a_wait_in_words(unit: str, amount: int, options: dict[str, bool], words: str) -> None:
    assert wait_words(unit, amount, **options) == words
