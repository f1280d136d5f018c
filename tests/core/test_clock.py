"""The one clock: moves, runs faster, stands still, and comes back."""

import datetime as dt

import pytest

from core import clock

AT = dt.datetime(2026, 10, 12, 6, tzinfo=dt.UTC)


def test_now_is_aware_utc() -> None:
    assert clock.now().tzinfo is dt.UTC
    assert not clock.moved()


def test_frozen_clock_stands_still_and_returns() -> None:
    with clock.frozen(AT):
        assert clock.now() == AT == clock.now()
        assert clock.moved()
    assert not clock.moved()


def test_frozen_inside_frozen_restores_the_outer_time() -> None:
    with clock.frozen(AT):
        with clock.frozen(AT + dt.timedelta(days=1)):
            assert clock.now() == AT + dt.timedelta(days=1)
        assert clock.now() == AT


def test_moved_clock_runs_with_its_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([100.0, 101.5])
    monkeypatch.setattr("core.clock.time.monotonic", lambda: next(seconds))
    clock.move(AT, speed=60)
    assert clock.now() == AT + dt.timedelta(seconds=90)


def test_today_is_the_date_in_the_zone_asked_for() -> None:
    with clock.frozen(dt.datetime(2026, 10, 12, 23, tzinfo=dt.UTC)):
        assert clock.today("UTC") == dt.date(2026, 10, 12)
        assert clock.today("Europe/Berlin") == dt.date(2026, 10, 13)
        assert clock.today("America/New_York") == dt.date(2026, 10, 12)


@pytest.mark.parametrize(("at", "speed"), [(dt.datetime(2026, 1, 1), 1.0), (AT, -1.0)])  # noqa: DTZ001 - the fault
def test_naive_instant_and_negative_speed_are_refused(at: dt.datetime, speed: float) -> None:
    with pytest.raises(ValueError, match="clock"):
        clock.move(at, speed=speed)
