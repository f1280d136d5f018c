"""What the program waits for from others: what is late, and the map by team (S81). Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from charter.enums import DependencyState

MAPPED = (DependencyState.ASKED, DependencyState.AGREED, DependencyState.DELIVERED)
"""The columns of the map; what was dropped is nobody's any more."""


@dataclass(frozen=True)
class Wait:
    """One dependency as the map sees it."""

    team: str
    state: DependencyState
    needed_by: dt.date


@dataclass(frozen=True)
class TeamRow:
    """A team's line of the map: how many in each of `MAPPED`, how many late, and the next day something is needed."""

    team: str
    counts: tuple[int, ...]
    late: int
    next_day: dt.date | None

    @property
    def total(self) -> int:
        """All dependencies on the team."""
        return sum(self.counts)


def is_late(state: DependencyState, needed_by: dt.date, today: dt.date) -> bool:
    """Say whether something is still waited for although its day has passed."""
    return state.is_open and needed_by < today


def team_map(waits: Iterable[Wait], today: dt.date) -> list[TeamRow]:
    """Return one line a team, teams that hold the program up first, then by name; the same name in any case is one."""
    by_team: dict[str, list[Wait]] = {}
    for wait in (one for one in waits if one.state in MAPPED):
        by_team.setdefault(wait.team.casefold(), []).append(wait)
    rows = [_row(found, today) for found in by_team.values()]
    return sorted(rows, key=lambda row: (-row.late, row.team.casefold()))


def _row(found: list[Wait], today: dt.date) -> TeamRow:
    counts = tuple(sum(wait.state is state for wait in found) for state in MAPPED)
    ahead = [wait.needed_by for wait in found if wait.state.is_open and wait.needed_by >= today]
    late = sum(is_late(wait.state, wait.needed_by, today) for wait in found)
    return TeamRow(found[0].team, counts, late, min(ahead, default=None))
