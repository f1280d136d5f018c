"""Working days of a program: its weekend, public holidays and own closing days, and the "day N of 90" count.

Pure values in, pure values out. This module must not ask for today, read a database, or know what is being
scheduled; `localtime` turns its dates into instants.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SEARCH_LIMIT = 366
"""Longest run of days off that is believed, in days; beyond it the calendar itself is at fault."""


class NoWorkingDayError(ValueError):
    """A calendar has no working day within a year: its weekend or days off cover everything (P10)."""


def date_of_day(start: date, day: int) -> date:
    """The calendar date of program day `day`; day 1 is `start` (2026-01-05, day 90 -> 2026-04-04) (P10)."""
    return start + timedelta(days=day - 1)


def day_of(start: date, on: date) -> int:
    """The program day `on` falls on: 1 on `start`, 0 or less before it; clock changes do not matter (P10)."""
    return (on - start).days + 1


@lru_cache(maxsize=512)
def _holidays_of(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    """Public holidays of one year, in English where the library has it; cached, planning asks daily."""
    if not country:
        return {}
    language = "en_US" if "en_US" in _languages_of(country) else None
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=language)
    return {on: name for on, name in found.items() if on.year == year}


@lru_cache(maxsize=512)
def _languages_of(country: str) -> tuple[str, ...]:
    return tuple(holidays.country_holidays(country).supported_languages)


@lru_cache(maxsize=512)
def known_country(country: str, subdivision: str | None = None) -> bool:
    """Whether the library knows `country` (ISO 3166 code, "" for none) and, if given, its `subdivision`."""
    if not country:
        return not subdivision
    supported = holidays.list_supported_countries()
    if country not in supported:
        return False
    return not subdivision or subdivision in supported[country]


@dataclass(frozen=True)
class WorkCalendar:
    """Which days a program works.

    `country` and `subdivision` are ISO 3166 codes as the `holidays` library spells them ("" means no public
    holidays); `weekend` holds weekdays with Monday = 0. Raises ValueError for a country that is not known.
    """

    country: str = ""
    subdivision: str | None = None
    weekend: frozenset[int] = frozenset({5, 6})
    extra_days_off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not known_country(self.country, self.subdivision):
            place = "-".join(part for part in (self.country, self.subdivision) if part)
            raise ValueError(f"no public holidays are known for {place!r}")
        if not self.weekend <= frozenset(range(7)):
            raise ValueError("weekend days are numbers from 0 (Monday) to 6 (Sunday)")

    @classmethod
    def build(
        cls,
        *,
        country: str = "",
        subdivision: str | None = None,
        weekend: Iterable[int] = (5, 6),
        extra_days_off: Iterable[date] = (),
    ) -> "WorkCalendar":
        """The same calendar from any iterables, as they come from forms, files and JSON columns."""
        return cls(country, subdivision or None, frozenset(weekend), frozenset(extra_days_off))

    def why_off(self, on: date) -> str | None:
        """Why `on` is not worked ("Saturday", "Christmas Day", "extra day off"); None on a working day."""
        holiday = _holidays_of(self.country, self.subdivision, on.year).get(on)
        if holiday:
            return holiday
        if on in self.extra_days_off:
            return "extra day off"
        return _DAY_NAMES[on.weekday()] if on.weekday() in self.weekend else None

    def is_working_day(self, on: date) -> bool:
        """Whether work is expected on `on`."""
        if on.weekday() in self.weekend or on in self.extra_days_off:
            return False
        return on not in _holidays_of(self.country, self.subdivision, on.year)

    def next_working_day(self, on: date) -> date:
        """`on` itself when it is worked, else the first working day after it. Raises NoWorkingDayError."""
        return self._walk(on, 1)

    def previous_working_day(self, on: date) -> date:
        """`on` itself when it is worked, else the last working day before it. Raises NoWorkingDayError."""
        return self._walk(on, -1)

    def add_working_days(self, on: date, count: int) -> date:
        """The working day `count` working days after `on` (before it when negative).

        `on` itself never counts, worked or not; 0 returns `on` unchanged. Raises NoWorkingDayError.
        """
        return _added(self, on, count)

    def working_days_between(self, earlier: date, later: date) -> int:
        """Working days after `earlier` up to and including `later`; negative when they are swapped."""
        if later < earlier:
            return -self.working_days_between(later, earlier)
        days = range(1, (later - earlier).days + 1)
        return sum(1 for offset in days if self.is_working_day(earlier + timedelta(days=offset)))

    def _walk(self, on: date, step: int) -> date:
        for _ in range(_SEARCH_LIMIT):
            if self.is_working_day(on):
                return on
            on += timedelta(days=step)
        raise NoWorkingDayError(f"no working day within {_SEARCH_LIMIT} days of {on.isoformat()}")


@lru_cache(maxsize=8192)
def _added(calendar: WorkCalendar, on: date, count: int) -> date:
    """`add_working_days`, remembered: a planner asks the same few dates for every item, person and rung."""
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        on = calendar._walk(on + timedelta(days=step), step)
    return on
