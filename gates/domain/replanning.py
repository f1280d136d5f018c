"""What moves when a gate moves: shifted by working days, shown before anything is saved. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from gates.enums import Cause
from programs.domain.calendar import WorkCalendar


@dataclass(frozen=True)
class Dated:
    """One open item with an agreed date. `first` is the first day of a task."""

    kind: str
    id: int
    name: str
    due: dt.date
    first: dt.date | None = None


@dataclass(frozen=True)
class Move:
    """One item before and after."""

    kind: str
    id: int
    name: str
    old: dt.date
    new: dt.date
    old_first: dt.date | None = None
    new_first: dt.date | None = None


@dataclass(frozen=True)
class Preview:
    """Everything that would move, the gate itself first, and by how many working days."""

    working_days: int
    moves: tuple[Move, ...]


def preview(gate: Dated, new_date: dt.date, items: Iterable[Dated], calendar: WorkCalendar, today: dt.date) -> Preview:
    """Shift `items` (all open ones that depend on the gate or come after it) by as many working days as the gate.

    Nothing is moved into the past: an item that would be keeps today, or the next working day.
    """
    shift = calendar.working_days_between(gate.due, new_date)
    moves = [Move(gate.kind, gate.id, gate.name, gate.due, new_date)]
    floor = calendar.next_working_day(today)
    for item in sorted(items, key=lambda row: (row.due, row.kind, row.id)):
        new = (
            max(calendar.add_working_days(item.due, shift), floor) if shift < 0 else _shifted(item.due, shift, calendar)
        )
        first = _shifted(item.first, shift, calendar) if item.first is not None else None
        if new != item.due:
            moves.append(Move(item.kind, item.id, item.name, item.due, new, item.first, first))
    return Preview(shift, tuple(moves))


def days_lost(moves: Iterable[tuple[Cause, int]]) -> dict[Cause, int]:
    """Sum working days by cause, most first; days won back are subtracted, causes that won are left out."""
    totals: Counter[Cause] = Counter()
    for cause, days in moves:
        totals[cause] += days
    return {cause: days for cause, days in totals.most_common() if days > 0}


def _shifted(on: dt.date, shift: int, calendar: WorkCalendar) -> dt.date:
    return calendar.next_working_day(calendar.add_working_days(on, shift))
