"""Working days, local hours and "who is asked", computed slowly and obviously: the measure the engine is held against.

Must not import anything of the application: only dates, zones and the holiday library.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Days:
    """The days a program works; weekend days are numbers from 0 (Monday)."""

    country: str
    subdivision: str | None
    weekend: frozenset[int]
    closed: frozenset[dt.date] = frozenset()

    def works(self, on: dt.date) -> bool:
        """Whether work is done on a day."""
        if on.weekday() in self.weekend or on in self.closed:
            return False
        return on not in _holidays(self.country, self.subdivision, on.year)

    def shifted(self, on: dt.date, count: int) -> dt.date:
        """So many working days after a day (before it when negative), the day itself not counted."""
        step = DAY if count > 0 else -DAY
        while count:
            on += step
            if self.works(on):
                count -= 1 if count > 0 else -1
        return on

    def on_or_after(self, on: dt.date) -> dt.date:
        """The day, or the first worked one after it."""
        while not self.works(on):
            on += DAY
        return on

    def between(self, one: dt.date, other: dt.date) -> int:
        """Working days after the earlier of two days up to the later one."""
        low, high = min(one, other), max(one, other)
        return sum(self.works(low + DAY * n) for n in range(1, (high - low).days + 1))


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[dt.date]:
    found = holidays.country_holidays(country, subdiv=subdivision, years=[year])
    return frozenset(day for day in found if day.year == year)


@lru_cache(maxsize=100_000)
def instant(on: dt.date, hour: int, zone: str) -> dt.datetime:
    """The first minute of a local day at which its clock shows `hour` or later: looked for, not computed."""
    there = ZoneInfo(zone)
    at = dt.datetime.combine(on, dt.time(0), dt.UTC) - dt.timedelta(hours=15)
    for _ in range(54 * 60):
        local = at.astimezone(there)
        if (local.date(), local.hour) >= (on, hour):
            return at
        at += MINUTE
    raise AssertionError(f"no {hour} o'clock on {on} in {zone}")


@dataclass
class Person:
    """Somebody who gets mail: zone, hour, first and last days of absences."""

    zone: str
    hour: int = 8
    active: bool = True
    away: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    sees_all: bool = False

    def is_away(self, on: dt.date) -> bool:
        """Whether they are absent on a day."""
        return any(first <= on <= last for first, last in self.away)

    def local(self, at: dt.datetime) -> dt.datetime:
        """What their clock shows."""
        return at.astimezone(ZoneInfo(self.zone))


@dataclass
class Seat:
    """A role: who holds it and who deputises, by the names the caller uses; since when nobody holds it."""

    holder: object = None
    deputy: object = None
    vacant_since: dt.date | None = None


class Cast:
    """The people and roles of a program on one day, and the rules of who is asked."""

    def __init__(self, people: dict, seats: dict[str, Seat]) -> None:
        self.people, self.seats = people, seats

    def _there(self, name: object) -> object:
        return name if name is not None and self.people[name].active else None

    def _inside(self, name: object) -> object:
        seated = any(name in (seat.holder, seat.deputy) for seat in self.seats.values())
        return self._there(name) if seated or (name is not None and self.people[name].sees_all) else None

    def holder(self, role: str) -> object:
        """Who holds a role, unless their account is closed."""
        return self._there(self.seats[role].holder)

    def deputy(self, role: str) -> object:
        """Who deputises, unless closed or the holder themselves."""
        found = self._there(self.seats[role].deputy)
        return None if found == self.holder(role) else found

    def stand_in(self, on: dt.date) -> object:
        """Manager, deputy, sponsor, deputy: the first who is there that day, else the first at all."""
        order = [f(role) for role in ("program-manager", "sponsor") for f in (self.holder, self.deputy)]
        named = [name for name in order if name is not None]
        present = [name for name in named if not self.people[name].is_away(on)]
        return next(iter(present or named), None)

    def in_role(self, role: str, on: dt.date) -> object:
        """Who is asked in a role: holder; away or vacant, the deputy; else whoever stands in."""
        if self.holder(role) is None:
            deputy = self.deputy(role)
            return deputy if deputy and not self.people[deputy].is_away(on) else self.stand_in(on)
        return self._present(self.holder(role), role, on)

    def for_item(self, role: str, assignee: object, on: dt.date) -> object:
        """Who is asked for an item: its assignee while they have a role, else its role's holder; else a stand-in."""
        person = self._inside(assignee) or self.holder(role)
        return self.stand_in(on) if person is None else self._present(person, role, on)

    def _present(self, person: object, role: str, on: dt.date) -> object:
        if not self.people[person].is_away(on):
            return person
        deputy = self.deputy(role)
        if deputy is not None and not self.people[deputy].is_away(on):
            return deputy
        return self.stand_in(on) or person


def once(names: Iterable) -> list:
    """Each once, in order, nobody left out."""
    return list(dict.fromkeys(name for name in names if name is not None))
