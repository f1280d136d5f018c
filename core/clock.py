"""The only place that asks what time it is.

Everything else is handed an instant or a date. A rehearsal (and a test) may move the clock; the offset and the
speed live here so that no other module needs to know. Must not know any domain noun.
"""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class _Shift:
    """A moved clock: at monotonic `started` it showed `origin`; it runs `speed` times as fast (0 = stands still)."""

    origin: dt.datetime
    started: float
    speed: float


_shift: _Shift | None = None


def now() -> dt.datetime:
    """Return the current instant as an aware UTC datetime (the moved one during a rehearsal)."""
    if _shift is None:
        return dt.datetime.now(dt.UTC)
    return _shift.origin + dt.timedelta(seconds=(time.monotonic() - _shift.started) * _shift.speed)


def today(zone: str) -> dt.date:
    """Return the calendar date at this instant in the IANA time zone `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()


def move(at: dt.datetime, *, speed: float = 1.0) -> None:
    """Let the clock show `at` from now on and run `speed` times as fast.

    Errors: ValueError for a naive instant or a negative speed. Side effect: process-wide.
    """
    global _shift
    if at.tzinfo is None:
        raise ValueError("the clock takes an aware instant")
    if speed < 0:
        raise ValueError("the clock does not run backwards")
    _shift = _Shift(at.astimezone(dt.UTC), time.monotonic(), speed)


def reset() -> None:
    """Return to the machine's own time."""
    global _shift
    _shift = None


def moved() -> bool:
    """Say whether the clock is not the machine's own."""
    return _shift is not None


@contextmanager
def frozen(at: dt.datetime) -> Iterator[None]:
    """Hold the clock still at `at` inside the block; the clock before is restored after it."""
    global _shift
    before = _shift
    move(at, speed=0)
    try:
        yield
    finally:
        _shift = before
