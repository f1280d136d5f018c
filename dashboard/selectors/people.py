"""One row per person of a program: what they hold, owe and when they are away. Must not write."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from accounts.models import User
from dashboard.selectors.owners import absences_of
from ownership.domain.gaps import Span
from ownership.selectors import most_roles
from phases.enums import CriterionState, TaskState
from phases.models import Criterion, Task
from programs.models import OwnershipArea
from programs.selectors import Cast, active
from risks.models import MitigationAction


@dataclass(frozen=True)
class PersonRow:
    """One person; `crowded` when they hold more roles than the program's limit."""

    person: User
    roles: list[str]
    deputy_for: list[str]
    areas: list[str]
    criteria: int
    tasks: int
    actions: int
    absences: tuple[Span, ...]
    crowded: bool

    @property
    def open_items(self) -> int:
        """Everything the person answers for and has not finished."""
        return self.criteria + self.tasks + self.actions


def person_rows(cast: Cast, today: dt.date) -> list[PersonRow]:
    """Return everybody with a part in the program, most roles first (five queries)."""
    program = cast.program
    holder = {role.pk: active(role.holder) for role in cast.roles}
    criteria = Criterion.objects.filter(program=program, applicable=True).exclude(state=CriterionState.VERIFIED)
    tasks = Task.objects.filter(program=program, state=TaskState.OPEN)
    owed = {"criteria": _owed(criteria, holder), "tasks": _owed(tasks, holder)}
    actions: Counter[int] = Counter()
    open_ = MitigationAction.objects.filter(risk__program=program, risk__closed_at=None, done_at=None)
    for role, count in open_.order_by().values_list("owner_role").annotate(Count("pk")):
        person = holder.get(role)
        if person is not None:
            actions[person.pk] += count
    areas: dict[int, list[str]] = {}
    for name, role in OwnershipArea.objects.filter(program=program).values_list("name", "role_id"):
        areas.setdefault(role, []).append(name)
    absences = absences_of(cast, today)
    most = most_roles(program)
    rows = []
    for person in cast.people:
        held = [role for role in cast.roles if role.holder_id == person.pk]
        rows.append(
            PersonRow(
                person=person,
                roles=[role.name for role in held],
                deputy_for=[role.name for role in cast.roles if role.deputy_id == person.pk],
                areas=[name for role in held for name in areas.get(role.pk, [])],
                criteria=owed["criteria"][person.pk],
                tasks=owed["tasks"][person.pk],
                actions=actions[person.pk],
                absences=absences.get(person.pk, ()),
                crowded=len(held) > most,
            )
        )
    return sorted(rows, key=lambda row: (-row.crowded, -len(row.roles), str(row.person).lower()))


def _owed(items: "QuerySet[Criterion] | QuerySet[Task]", holder: dict[int, User | None]) -> Counter[int]:
    """Open items by person: the assignee, else the holder of the role."""
    found: Counter[int] = Counter()
    for role, assignee, count in items.order_by().values_list("owner_role", "assignee").annotate(Count("pk")):
        person = holder.get(role)
        who = assignee or (person.pk if person else None)
        if who is not None:
            found[who] += count
    return found
