"""The ownership matrix: one row per role with its people, its load and since when it is empty. Must not write."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import Absence, User
from core.templatetags.ui import shortday
from dashboard.domain.words import since
from phases.enums import CriterionState, TaskState
from phases.models import Criterion, Task
from programs.models import OwnershipArea
from programs.selectors import Cast, active


@dataclass(frozen=True)
class OwnerRow:
    """One role as the matrix prints it; `away` is a coming absence of the holder in words."""

    slug: str
    name: str
    summary: str
    holder: User | None
    deputy: User | None
    load: int
    areas: list[str]
    empty: str
    away: str


def owner_rows(cast: Cast, today: dt.date) -> list[OwnerRow]:
    """Return the roles of a program, gaps first (four queries)."""
    load = _load(cast)
    areas: dict[int, list[str]] = {}
    for area in OwnershipArea.objects.filter(program=cast.program).only("name", "role_id"):
        areas.setdefault(area.role_id, []).append(area.name)
    away = _absences(cast, today)
    rows = []
    for role in cast.roles:
        holder = active(role.holder)
        empty = ""
        if holder is None:
            empty = f"Empty {since(role.vacant_since, today)}" if role.vacant_since else "Account deactivated"
        rows.append(
            OwnerRow(
                slug=role.slug,
                name=role.name,
                summary=role.summary,
                holder=holder,
                deputy=active(role.deputy),
                load=load[role.pk],
                areas=areas.get(role.pk, []),
                empty=empty,
                away=away.get(holder.pk, "") if holder else "",
            )
        )
    return sorted(rows, key=lambda row: row.holder is not None)


def _load(cast: Cast) -> Counter[int]:
    criteria = Criterion.objects.filter(program=cast.program, applicable=True).exclude(state=CriterionState.VERIFIED)
    tasks = Task.objects.filter(program=cast.program, state=TaskState.OPEN)
    total: Counter[int] = Counter()
    for rows in (criteria, tasks):
        total.update(dict(rows.order_by().values_list("owner_role").annotate(Count("pk"))))
    return total


def _absences(cast: Cast, today: dt.date) -> dict[int, str]:
    until = today + dt.timedelta(days=21)
    rows = Absence.objects.filter(user__in=cast.people, end__gte=today, start__lte=until).order_by("-start")
    return {row.user_id: f"away {shortday(row.start)} to {shortday(row.end)}" for row in rows}
