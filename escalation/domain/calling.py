"""Who is told on a rung, and what is said when nobody can be (promise 5). Pure.

A role's holder; the deputy when the holder is away, deactivated or there is none; else the place is empty and the gap
is put into words. An empty rung is never skipped quietly: the words go to the next one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from escalation.enums import Part


@dataclass(frozen=True)
class Person:
    """Somebody who may be told; `away` means absent on the day in question."""

    id: int
    name: str
    active: bool = True
    away: bool = False


@dataclass(frozen=True)
class Seat:
    """A role and its people."""

    slug: str
    name: str
    holder: Person | None = None
    deputy: Person | None = None


@dataclass(frozen=True)
class Call:
    """One person who is told, in which role and part, with the gap that led to them."""

    user_id: int
    role: str
    role_name: str
    part: Part
    gap: str = ""


@dataclass(frozen=True)
class Calls:
    """Who is told on a rung, each once, and every gap of it."""

    told: tuple[Call, ...]
    gaps: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nobody at all is told."""
        return not self.told


def calls(seats: Iterable[Seat]) -> Calls:
    """Who is told in these roles."""
    told: dict[int, Call] = {}
    gaps: list[str] = []
    for seat in seats:
        found, gap = _answers(seat)
        if found is not None:
            told.setdefault(found.user_id, found)
        if gap and gap not in gaps:
            gaps.append(gap)
    return Calls(tuple(told.values()), tuple(gaps))


def stand_in(seats: Sequence[Seat]) -> Call | None:
    """Who is told when the last rung is empty: the first of these roles with somebody, absent or not."""
    present = [call for seat in seats if (call := _answers(seat)[0]) is not None]
    if present:
        return _stands(present[0].user_id, next(s for s in seats if s.slug == present[0].role))
    for seat in seats:
        for person in (seat.holder, seat.deputy):
            if person is not None and person.active:
                return _stands(person.id, seat)
    return None


def _stands(user_id: int, seat: Seat) -> Call:
    return Call(user_id, seat.slug, seat.name, Part.STAND_IN, "The last rung of the path is empty")


def _answers(seat: Seat) -> tuple[Call | None, str]:
    holder, deputy = _there(seat.holder), _there(seat.deputy)
    if holder is not None and not holder.away:
        return Call(holder.id, seat.slug, seat.name, Part.HOLDER), ""
    gap = f"{seat.name} is vacant" if seat.holder is None else f"{seat.name}: {seat.holder.name} is deactivated"
    if holder is not None:
        gap = f"{holder.name} is away"
    if deputy is not None and not deputy.away:
        # A deputy for somebody absent is how it is meant to be; for an empty role it is a gap.
        words = "" if holder is not None else gap
        return Call(deputy.id, seat.slug, seat.name, Part.DEPUTY, words), words
    if deputy is not None:
        return None, f"{gap} and the deputy for {seat.name} is away"
    return None, f"{gap} and no deputy is named for {seat.name}"


def _there(person: Person | None) -> Person | None:
    return person if person is not None and person.active else None
