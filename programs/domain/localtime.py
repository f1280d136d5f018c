"""Turns "this date, this hour, this zone" into an instant, and back, whatever daylight saving does.

Pure. Must not ask for now. A reminder stays a date and an hour until it is planned; only then does it become
an instant, because zone rules change (P9).
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def known_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone this installation can use."""
    return name in _zones()


@lru_cache(maxsize=1024)
def zone_of(name: str, fallback: str = "UTC") -> ZoneInfo:
    """The zone called `name`; `fallback` when that name is gone, so an old name stops no reminder (P9)."""
    return ZoneInfo(name if known_zone(name) else fallback)


@lru_cache(maxsize=8192)
def local_instant(on: date, hour: int, zone: str, *, fallback: str = "UTC") -> datetime:
    """The UTC instant at which clocks in `zone` show `hour`:00 on `on` (P9).

    An hour that happens twice means its first occurrence; an hour that is skipped means the first instant
    after the gap. `hour` is 0 to 23.
    """
    wall = datetime.combine(on, time(hour), tzinfo=zone_of(zone, fallback))
    instant = wall.astimezone(UTC)
    if instant.astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _end_of_gap(wall)


def _end_of_gap(wall: datetime) -> datetime:
    """The first instant after the gap that swallows `wall`.

    Read with fold=1, `wall` lands before the change; read with fold=0, after it. The change lies between the
    two readings and is found by halving, to the second.
    """
    zone = wall.tzinfo
    low = int(wall.replace(fold=1).astimezone(UTC).timestamp())
    high = int(wall.replace(fold=0).astimezone(UTC).timestamp())
    before = datetime.fromtimestamp(low, tz=zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, tz=zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, tz=UTC)


def local_date(at: datetime, zone: str, *, fallback: str = "UTC") -> date:
    """The date clocks in `zone` show at the aware instant `at`."""
    return at.astimezone(zone_of(zone, fallback)).date()


def local_hour(at: datetime, zone: str, *, fallback: str = "UTC") -> int:
    """The hour clocks in `zone` show at the aware instant `at`."""
    return at.astimezone(zone_of(zone, fallback)).hour
