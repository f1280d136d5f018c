"""The table of responsibilities: activities against roles, with what each row breaks. Must not write."""

from dataclasses import dataclass

from ownership.domain import raci
from programs.models import RaciAssignment, Role
from programs.selectors import Cast, active


@dataclass(frozen=True)
class RaciRow:
    """One activity: `cells` are the letters of each role in the order of the columns."""

    position: int
    activity: str
    cells: list[tuple[Role, str]]
    gaps: tuple[str, ...]
    version: str


def raci_table(cast: Cast) -> tuple[list[Role], list[RaciRow]]:
    """Return the roles that have letters and the rows, rows with a gap marked (one query)."""
    letters: dict[int, dict[int, str]] = {}
    titles: dict[int, str] = {}
    for cell in RaciAssignment.objects.filter(program=cast.program):
        letters.setdefault(cell.position, {})[cell.role_id] = cell.letters
        titles[cell.position] = cell.activity
    used = {role for row in letters.values() for role in row}
    roles = [role for role in cast.roles if role.pk in used]
    vacant = frozenset(role.name for role in cast.roles if active(role.holder) is None)
    rows = [_row(position, titles[position], cells, roles, vacant) for position, cells in sorted(letters.items())]
    return roles, rows


def _row(position: int, title: str, cells: dict[int, str], roles: list[Role], vacant: frozenset[str]) -> RaciRow:
    named = {role.name: cells[role.pk] for role in roles if role.pk in cells}
    empty = raci.empty_seats(named, vacant)
    gaps = (*raci.faults(named), *(f"{name} is empty." for name in empty))
    return RaciRow(position, title, [(role, cells.get(role.pk, "")) for role in roles], gaps, raci.stamp(cells))
