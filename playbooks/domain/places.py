"""Countries and the time zones in them, from the zone data's own tables, for sensible defaults in the launch form.

Must not decide what a working day is; `programs.domain.calendar` does.
"""

from functools import cache
from importlib import resources

from programs.domain.calendar import known_country


@cache
def country_names() -> dict[str, str]:
    """Name by ISO code of every country whose public holidays are known, sorted by name."""
    rows = (line.split("\t") for line in _table("iso3166.tab"))
    found = {code: name for code, name in rows if known_country(code)}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


@cache
def country_of_zone(zone: str) -> str:
    """The country a time zone lies in, "" when it has none or its holidays are not known."""
    rows = (line.split("\t") for line in _table("zone.tab"))
    return next((row[0] for row in rows if row[2] == zone and known_country(row[0])), "")


@cache
def _table(name: str) -> tuple[str, ...]:
    text = resources.files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))
