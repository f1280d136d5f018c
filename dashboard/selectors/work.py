"""What one person owes in all their programs. Must not write.

The rule of who answers is `phases.domain.responsibility`; here it is written once more as a database condition, and
`tests/dashboard/test_work.py` holds both against each other.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from ownership.models import Nomination
from ownership.selectors import open_nominations
from phases.domain.responsibility import responsible, verifiers
from phases.enums import CriterionState, EventKind, EventState, TaskState
from phases.models import Criterion, Event, Task
from programs.enums import PROGRAM_MANAGER, SPONSOR, ProgramState
from programs.models import Role
from risks.models import MitigationAction

AHEAD = 7  # days ahead that count as "due soon" in the header's number
_UNASSIGNED = Q(assignee__isnull=True) | Q(assignee__is_active=False)
_VACANT = Q(holder__isnull=True) | Q(holder__is_active=False)


@dataclass(frozen=True)
class Mine:
    """A person's roles as lists of ids: plain lists let the database use its indexes, which conditions over joins
    do not (at 2,000 programs the difference is a second)."""

    user: User
    held: list[int]
    deputised: list[int]
    vacant: list[int]
    managed: list[int]
    sponsored: list[int]

    @property
    def answers(self) -> Q:
        """The condition "this person answers": assigned, or holds the role, or manages while nobody holds it."""
        return Q(assignee=self.user) | _UNASSIGNED & Q(owner_role__in=[*self.held, *self.vacant])


def mine_of(user: User) -> Mine:
    """Load the person's roles in active programs (two queries)."""
    rows = Role.objects.filter(Q(holder=user) | Q(deputy=user), program__state=ProgramState.ACTIVE)
    roles = list(rows.order_by().values_list("pk", "slug", "program_id", "holder_id"))
    held = [(pk, slug, program) for pk, slug, program, holder in roles if holder == user.pk]
    return Mine(
        user=user,
        held=[pk for pk, _, _ in held],
        deputised=[pk for pk, _, _, holder in roles if holder != user.pk],
        vacant=list(_vacant_roles(user).values_list("pk", flat=True)),
        managed=[program for _, slug, program in held if slug == PROGRAM_MANAGER],
        sponsored=[program for _, slug, program in held if slug == SPONSOR],
    )


def _vacant_roles(user: User) -> QuerySet[Role]:
    managed = Role.objects.filter(slug=PROGRAM_MANAGER, holder=user).order_by().values("program_id")
    return Role.objects.filter(_VACANT, program__in=managed, program__state=ProgramState.ACTIVE).order_by()


def _owed_criteria() -> QuerySet[Criterion]:
    owed = (CriterionState.OPEN, CriterionState.SENT_BACK)
    return Criterion.objects.filter(state__in=owed, applicable=True)


def _owed_tasks() -> QuerySet[Task]:
    return Task.objects.filter(state=TaskState.OPEN)


def _owed_actions() -> QuerySet[MitigationAction]:
    """Actions with an agreed date against a risk that is open, as the reminders see them."""
    return MitigationAction.objects.filter(done_at=None, due_date__isnull=False, risk__closed_at=None)


def _asked(user: User) -> QuerySet[Nomination]:
    return open_nominations().filter(person=user, program__state=ProgramState.ACTIVE)


def open_count(user: User, today: dt.date) -> int:
    """Count what the person owes within a week or late (one query): the number beside "My work".

    Nine branches joined, each of which an index answers, instead of one condition that none does. A seat that waits
    for the person's word waits now.
    """
    vacant = _vacant_roles(user).values("pk")
    held = Role.objects.filter(holder=user, program__state=ProgramState.ACTIVE).order_by().values("pk")
    branches: list[QuerySet[Any, Any]] = []
    owed: tuple[QuerySet[Any], ...] = (_owed_criteria(), _owed_tasks())
    for everything in owed:
        soon = everything.filter(due_date__lte=today + dt.timedelta(days=AHEAD)).order_by().values("pk")
        branches.append(soon.filter(assignee=user, program__state=ProgramState.ACTIVE))
        branches.append(soon.filter(_UNASSIGNED, owner_role__in=held))
        branches.append(soon.filter(_UNASSIGNED, owner_role__in=vacant))
    soon_done = _owed_actions().filter(due_date__lte=today + dt.timedelta(days=AHEAD)).order_by().values("pk")
    branches += [soon_done.filter(owner_role__in=held), soon_done.filter(owner_role__in=vacant)]
    branches.append(_asked(user).order_by().values("pk"))
    return branches[0].union(*branches[1:], all=True).count()


def handed_in(mine: Mine) -> list[Criterion]:
    """Criteria handed in that concern the person: theirs (waiting for others), or theirs to verify (two queries).

    Each gets `waits_for` (ids who may verify, first choice first) and `mine` (whether the person answers for it).
    """
    waiting = Criterion.objects.filter(state=CriterionState.HANDED_IN, applicable=True).order_by().values("pk")
    near = waiting.filter(verifier_role__in=[*mine.held, *mine.deputised]).union(
        waiting.filter(program__in=[*mine.managed, *mine.sponsored]),
        waiting.filter(owner_role__in=mine.held),
        waiting.filter(assignee=mine.user),
        waiting.filter(handed_in_by=mine.user),
    )
    person = Role.objects.filter(program=OuterRef("program"), holder__is_active=True)
    rows = (
        Criterion.objects.filter(pk__in=[row["pk"] for row in near])
        .select_related("program", "event", "assignee", "owner_role__holder", "owner_role__deputy")
        .select_related("verifier_role__holder", "verifier_role__deputy")
        .annotate(
            manager_id=Subquery(person.filter(slug=PROGRAM_MANAGER).values("holder_id")[:1]),
            sponsor_id=Subquery(person.filter(slug=SPONSOR).values("holder_id")[:1]),
        )
        .only(
            "slug", "text", "due_date", "state", "handed_in_at", "handed_in_by_id", "program__slug", "program__name",
            "program__state",
            "event__name", "assignee_id", "owner_role_id", "verifier_role_id",
            *(
                f"{path}__{name}"
                for path in ("assignee", "owner_role__holder", "owner_role__deputy", "verifier_role__holder",
                             "verifier_role__deputy")
                for name in ("name", "email", "is_active")
            ),
        )
        .order_by("due_date", "pk")
    )  # fmt: skip
    return [_with_verifiers(row, mine.user) for row in rows if row.program.is_active]


def _with_verifiers(row: Criterion, user: User) -> Criterion:
    manager, sponsor = row.manager_id, row.sponsor_id  # type: ignore[attr-defined]  # annotated above
    owner = responsible(
        assignee=_active(row.assignee),
        holder=_active(row.owner_role.holder),
        deputy=_active(row.owner_role.deputy),
        manager=manager,
    ).addressee
    row.waits_for = verifiers(  # type: ignore[attr-defined]
        holder=_active(row.verifier_role.holder),
        deputy=_active(row.verifier_role.deputy),
        manager=manager,
        sponsor=sponsor,
        excluded=(owner, row.handed_in_by_id),
    )
    row.mine = user.pk in (owner, row.handed_in_by_id)  # type: ignore[attr-defined]
    return row


def _active(person: User | None) -> int | None:
    return person.pk if person is not None and person.is_active else None


def outcomes_due(mine: Mine, until: dt.date) -> QuerySet[Event]:
    """Gates the person decides as sponsor and checkpoints they record as manager, due by `until` or overdue."""
    gates = Q(kind=EventKind.GATE, program__in=mine.sponsored)
    checkpoints = Q(kind=EventKind.CHECKPOINT, program__in=mine.managed)
    return (
        Event.objects.filter(gates | checkpoints, state=EventState.PENDING, due_date__lte=until)
        .select_related("program")
        .only("slug", "kind", "name", "due_date", "program__slug", "program__name")
        .order_by("due_date", "pk")
    )


@dataclass(frozen=True)
class Finished:
    """How much the person finished since a day."""

    tasks: int
    criteria: int

    @property
    def total(self) -> int:
        """Tasks and criteria together."""
        return self.tasks + self.criteria


def finished_since(user: User, instant: dt.datetime) -> Finished:
    """Count what the person finished or handed in since `instant` (two queries)."""
    return Finished(
        Task.objects.filter(done_by=user, done_at__gte=instant).count(),
        Criterion.objects.filter(handed_in_by=user, handed_in_at__gte=instant)
        .exclude(state=CriterionState.OPEN)
        .count(),
    )


def owed(mine: Mine) -> tuple[list[Criterion], list[Task]]:
    """Everything the person owes, soonest first (two queries)."""
    shared = ("slug", "due_date", "version", "program__slug", "program__name", "program__state")
    criteria = _owed_criteria().filter(mine.answers).select_related("program", "event").order_by("due_date", "pk")
    tasks = _owed_tasks().filter(mine.answers).select_related("program").order_by("due_date", "pk")
    # The state is looked at here: as a condition it makes SQLite walk every active program.
    return (
        [c for c in criteria.only("text", "state", "state_reason", "event__name", *shared) if c.program.is_active],
        [t for t in tasks.only("title", *shared) if t.program.is_active],
    )


def actions(mine: Mine) -> list[MitigationAction]:
    """What the person has to do against risks by an agreed date, soonest first (one query; S58)."""
    rows = _owed_actions().filter(owner_role__in=[*mine.held, *mine.vacant]).select_related("risk__program")
    shown = ("text", "due_date", "risk__slug", "risk__event", "risk__program__slug", "risk__program__name")
    return list(rows.only(*shown).order_by("due_date", "pk"))


def nominations(user: User) -> list[Nomination]:
    """Seats that wait for the person's own yes or no, longest waiting first (one query; S60)."""
    rows = _asked(user).select_related("program", "role")
    shown = ("seat", "nominated_on", "program__slug", "program__name", "role__slug", "role__name")
    return list(rows.only(*shown).order_by("nominated_on", "pk"))
