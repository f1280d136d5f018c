"""P9, P10: program days, working days and local hours, against slow and obviously correct recounts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.domain.calendar import (
    NoWorkingDayError,
    WorkCalendar,
    date_of_day,
    day_of,
    known_country,
)
from programs.domain.localtime import known_zone, local_date, local_hour, local_instant, zone_of

BERLIN = WorkCalendar.build(country="DE", subdivision="BE", extra_days_off=[date(2026, 12, 24), date(2026, 12, 31)])
DATES = st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31))
ZONES = [
    "Europe/Berlin",
    "Europe/Stockholm",
    "Europe/Zurich",
    "Europe/London",
    "Europe/Istanbul",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Africa/Lagos",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "America/Nuuk",
    "UTC",
]


def test_p10_day_90_of_the_known_program():
    assert date_of_day(date(2026, 1, 5), 1) == date(2026, 1, 5)
    assert date_of_day(date(2026, 1, 5), 90) == date(2026, 4, 4)
    assert day_of(date(2026, 1, 5), date(2026, 4, 4)) == 90
    assert day_of(date(2026, 1, 5), date(2026, 1, 4)) == 0


@given(DATES, st.integers(-50, 200))
def test_p10_days_and_dates_are_inverse(start, day):
    assert day_of(start, date_of_day(start, day)) == day
    assert date_of_day(start, day + 1) - date_of_day(start, day) == timedelta(days=1)


def test_p10_every_day_off_names_its_reason():
    assert BERLIN.why_off(date(2026, 10, 17)) == "Saturday"
    assert BERLIN.why_off(date(2026, 12, 24)) == "extra day off"
    assert "Christmas" in (BERLIN.why_off(date(2026, 12, 25)) or "")
    assert BERLIN.why_off(date(2026, 3, 8)) == "Women's Day"
    assert BERLIN.why_off(date(2026, 10, 30)) is None


def test_p10_a_subdivision_keeps_its_own_holidays():
    reformation = date(2025, 10, 31)
    brandenburg = WorkCalendar.build(country="DE", subdivision="BB")
    assert brandenburg.next_working_day(reformation) == date(2025, 11, 3)
    assert BERLIN.next_working_day(reformation) == reformation


def test_p10_no_country_means_weekends_only():
    assert WorkCalendar().is_working_day(date(2026, 12, 25))
    assert WorkCalendar().why_off(date(2026, 12, 26)) == "Saturday"
    assert WorkCalendar.build(weekend=[4, 5]).is_working_day(date(2026, 11, 22))


def test_p10_lead_days_skip_the_days_off():
    assert BERLIN.add_working_days(date(2026, 12, 28), -2) == date(2026, 12, 22)
    assert BERLIN.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert BERLIN.add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 21)


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("DE", "ZZ"), ("", "BE")])
def test_p10_unknown_places_are_refused(country, subdivision):
    assert not known_country(country, subdivision)
    with pytest.raises(ValueError, match="no public holidays"):
        WorkCalendar.build(country=country, subdivision=subdivision)


def test_p10_a_calendar_without_working_days_says_so():
    closed = WorkCalendar.build(weekend=range(7))
    with pytest.raises(NoWorkingDayError):
        closed.next_working_day(date(2026, 1, 1))
    with pytest.raises(ValueError, match="weekend days"):
        WorkCalendar.build(weekend=[7])


@given(DATES, st.integers(-30, 30))
def test_p10_adding_working_days_agrees_with_counting(on, count):
    reached, left = on, abs(count)
    while left:
        reached += timedelta(days=1 if count > 0 else -1)
        left -= BERLIN.why_off(reached) is None
    assert BERLIN.add_working_days(on, count) == reached
    if count > 0:
        assert BERLIN.working_days_between(on, reached) == count


@given(DATES)
def test_p10_next_working_day_is_the_first(on):
    found = BERLIN.next_working_day(on)
    assert BERLIN.why_off(found) is None
    assert all(BERLIN.why_off(on + timedelta(days=gap)) for gap in range((found - on).days))
    assert BERLIN.previous_working_day(on) <= on <= found


def slow_instant(on: date, hour: int, zone: str) -> datetime:
    """The first minute of a two-day walk whose local wall time is at or after the wanted one."""
    wanted = datetime(on.year, on.month, on.day, hour)  # noqa: DTZ001 a wall time is what is compared
    at = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(hours=hour) - timedelta(hours=15)
    while at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wanted:
        at += timedelta(minutes=15)
    return at


@pytest.mark.parametrize("zone", ZONES)
def test_p9_eight_is_eight_every_day_of_eight_years(zone):
    on = date(2024, 1, 1)
    while on < date(2033, 1, 1):
        seen = local_instant(on, 8, zone).astimezone(ZoneInfo(zone))
        assert (seen.date(), seen.hour, seen.minute) == (on, 8, 0)
        on += timedelta(days=1)


@given(DATES, st.integers(0, 23), st.sampled_from(ZONES))
def test_p9_any_hour_agrees_with_a_slow_walk(on, hour, zone):
    assert local_instant(on, hour, zone) == slow_instant(on, hour, zone)


@pytest.mark.parametrize(
    ("on", "hour", "zone", "expected"),
    [
        (date(2026, 3, 8), 2, "America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
        (date(2026, 11, 1), 1, "America/New_York", datetime(2026, 11, 1, 5, tzinfo=UTC)),
        (date(2026, 9, 6), 0, "America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),
        (date(2026, 3, 29), 0, "Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC)),
        (date(2026, 10, 4), 2, "Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ],
)
def test_p9_hours_that_are_skipped_or_doubled(on, hour, zone, expected):
    assert local_instant(on, hour, zone) == expected


def test_p9_a_lost_zone_name_falls_back():
    assert known_zone("Europe/Berlin")
    assert not known_zone("Europe/Atlantis")
    assert zone_of("Europe/Atlantis", "Europe/Berlin").key == "Europe/Berlin"
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert local_date(late, "Europe/Berlin") == date(2026, 11, 19)
    assert local_hour(late, "Asia/Kolkata") == 5
