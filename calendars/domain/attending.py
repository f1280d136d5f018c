"""Who is asked to be at a gate or checkpoint, and as what. Pure: people are ids.

A gate: the sponsor, its gatekeepers (or the alternates named for them), the program manager. A checkpoint: the
program manager and the owners of what is due between the start of its phase and its day, whether they have finished
or not, so that nobody is called off for being early.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from programs.enums import PROGRAM_MANAGER, SPONSOR
from reminders.enums import Part


@dataclass(frozen=True)
class Meeting:
    """A gate or checkpoint; `alternates` are people by the role they speak for."""

    id: int
    is_checkpoint: bool
    phase_start: dt.date
    due: dt.date
    gatekeepers: tuple[str, ...] = ()
    alternates: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Owed:
    """A criterion as far as it decides who comes: its event, its day, its owner and the owner's role."""

    event: int
    due: dt.date
    owner: int | None
    role: str


@dataclass(frozen=True)
class Seat:
    """How somebody is asked: the part, and the role that answers "why me?"."""

    part: Part
    role: str


def attending(meeting: Meeting, people: Mapping[str, int], owed: Iterable[Owed]) -> dict[int, Seat]:
    """The people of a meeting with their first reason; `people` are who fills each role (absent: a gap)."""
    found: dict[int, Seat] = {}

    def add(person: int | None, part: Part, role: str) -> None:
        if person is not None:
            found.setdefault(person, Seat(part, role))

    if not meeting.is_checkpoint:
        add(people.get(SPONSOR), Part.SPONSOR, SPONSOR)
    add(people.get(PROGRAM_MANAGER), Part.MANAGER, PROGRAM_MANAGER)
    if not meeting.is_checkpoint:
        for role in meeting.gatekeepers:
            add(meeting.alternates.get(role, people.get(role)), Part.GATEKEEPER, role)
        return found
    for item in owed:
        if item.event == meeting.id or meeting.phase_start <= item.due <= meeting.due:
            add(item.owner, Part.RESPONSIBLE, item.role)
    return found
