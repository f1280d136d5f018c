"""How a register reads: which risks count, how their scores moved, what of it moved lately. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MONTH = dt.timedelta(days=30)


@dataclass(frozen=True)
class PhaseStart:
    """A phase of the program, its place among them and its first day."""

    slug: str
    position: int
    start: dt.date
    name: str = ""


def positions_reached(phases: Iterable[PhaseStart], today: dt.date) -> int:
    """Return the place of the latest phase that has begun; the first phase counts from before day 1."""
    rows = sorted(phases, key=lambda phase: phase.position)
    begun = [phase.position for phase in rows if phase.start <= today]
    return max(begun, default=rows[0].position if rows else 0)


def counts(raise_from: str, *, raised: bool, reached: int, positions: Mapping[str, int]) -> bool:
    """Whether a risk counts: its phase has begun, or somebody raised it early (S89). An unknown phase always counts."""
    return raised or positions.get(raise_from, 0) <= reached


class Move(StrEnum):
    """What happened to a risk lately."""

    UP = "up"
    DOWN = "down"
    NEW = "new"
    CLOSED = "closed"


@dataclass(frozen=True)
class Step:
    """One change of a current score."""

    at: dt.datetime
    before: int
    after: int


def was(steps: Sequence[Step], current: int) -> int | None:
    """Return the last score that differs from the current one; None when there never was another."""
    for step in sorted(steps, key=lambda step: step.at, reverse=True):
        if step.before != current:
            return step.before
    return None


def score_at(steps: Sequence[Step], current: int, at: dt.datetime) -> int:
    """Return the score that held at an instant."""
    rows = sorted(steps, key=lambda step: step.at)
    later = next((step for step in rows if step.at > at), None)
    return later.before if later is not None else current


def move(
    steps: Sequence[Step],
    current: int,
    *,
    now: dt.datetime,
    appeared: dt.datetime | None = None,
    closed: dt.datetime | None = None,
) -> Move | None:
    """Return what happened in the last thirty days: closed before new before up or down; a detour is no move."""
    since = now - MONTH
    if closed is not None:
        return Move.CLOSED if closed > since else None
    if appeared is not None and appeared > since:
        return Move.NEW
    then = score_at(steps, current, since)
    if then == current:
        return None
    return Move.UP if current > then else Move.DOWN
