"""IANA time zones as a person picks them. Must not import Django or ask the clock."""

import zoneinfo
from functools import cache

_AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def _all() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones()) - {"Factory", "localtime"}


def known_zone(name: str) -> bool:
    """Say whether `name` is a zone the installed zone data has (aliases such as US/Eastern included)."""
    return name in _all()


@cache
def zone_groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the zones to offer in a picker, grouped by area, UTC first; aliases without an area are left out."""
    groups: list[tuple[str, tuple[str, ...]]] = [("Everywhere", ("UTC",))]
    for area in _AREAS:
        groups.append((area, tuple(sorted(name for name in _all() if name.startswith(area + "/")))))
    return tuple(groups)
