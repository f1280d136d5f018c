"""What one person owes in all their programs. Must not write.

The rule of who answers is `phases.domain.responsibility`; here it is written once more as a database condition, and
`tests/dashboard/test_work.py` holds both against each other.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from phases.domain.responsibility import responsible, verifiers
from phases.enums import CriterionState, EventKind, EventState, TaskState
from phases.models import Criterion, Event, Task
from programs.enums import PROGRAM_MANAGER, SPONSOR, ProgramState
from programs.models import Role

AHEAD = 7  # days ahead that count as "due soon" in the header's number


def _holds(user: User, slug: str) -> Exists:
    return Exists(Role.objects.filter(program=OuterRef("program"), slug=slug, holder=user))


def answered_by(user: User) -> Q:
    """The condition "this person answers": assigned, or holds the role, or manages the program while nobody does."""
    unassigned = Q(assignee__isnull=True) | Q(assignee__is_active=False)
    vacant = Q(owner_role__holder__isnull=True) | Q(owner_role__holder__is_active=False)
    return Q(assignee=user) | unassigned & (Q(owner_role__holder=user) | vacant & Q(_holds(user, PROGRAM_MANAGER)))


def open_criteria(user: User) -> QuerySet[Criterion]:
    """Criteria the person still owes: open or sent back, in active programs."""
    return Criterion.objects.filter(
        answered_by(user),
        applicable=True,
        state__in=(CriterionState.OPEN, CriterionState.SENT_BACK),
        program__state=ProgramState.ACTIVE,
    )


def open_tasks(user: User) -> QuerySet[Task]:
    """Tasks the person still owes, in active programs."""
    return Task.objects.filter(answered_by(user), state=TaskState.OPEN, program__state=ProgramState.ACTIVE)


def open_count(user: User, today: dt.date) -> int:
    """Count what the person owes within a week or late (one query): the number beside "My work"."""
    until = today + dt.timedelta(days=AHEAD)
    criteria = open_criteria(user).filter(due_date__lte=until).order_by().values("pk")
    tasks = open_tasks(user).filter(due_date__lte=until).order_by().values("pk")
    return criteria.union(tasks, all=True).count()


def handed_in(user: User) -> list[Criterion]:
    """Criteria handed in that concern the person: theirs (waiting for others), or theirs to verify (one query).

    Each gets `waits_for` (ids who may verify, first choice first) and `mine` (whether the person answers for it).
    """
    person = Role.objects.filter(program=OuterRef("program"), holder__is_active=True)
    near = Q(verifier_role__holder=user) | Q(verifier_role__deputy=user)
    near |= Q(_holds(user, PROGRAM_MANAGER)) | Q(_holds(user, SPONSOR))
    rows = (
        Criterion.objects.filter(
            near | answered_by(user) | Q(handed_in_by=user),
            applicable=True,
            state=CriterionState.HANDED_IN,
            program__state=ProgramState.ACTIVE,
        )
        .select_related("program", "event", "assignee", "owner_role__holder", "owner_role__deputy")
        .select_related("verifier_role__holder", "verifier_role__deputy")
        .annotate(
            manager_id=Subquery(person.filter(slug=PROGRAM_MANAGER).values("holder_id")[:1]),
            sponsor_id=Subquery(person.filter(slug=SPONSOR).values("holder_id")[:1]),
        )
        .only(
            "slug", "text", "due_date", "state", "handed_in_at", "handed_in_by_id", "program__slug", "program__name",
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
    return [_with_verifiers(row, user) for row in rows]


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


def outcomes_due(user: User, until: dt.date) -> QuerySet[Event]:
    """Gates the person decides as sponsor and checkpoints they record as manager, due by `until` or overdue."""
    gates = Q(kind=EventKind.GATE) & Q(_holds(user, SPONSOR))
    checkpoints = Q(kind=EventKind.CHECKPOINT) & Q(_holds(user, PROGRAM_MANAGER))
    return (
        Event.objects.filter(gates | checkpoints, state=EventState.PENDING, program__state=ProgramState.ACTIVE)
        .filter(due_date__lte=until)
        .select_related("program")
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


def owed(user: User) -> tuple[list[Criterion], list[Task]]:
    """Everything the person owes, soonest first (two queries)."""
    order = ("due_date", "pk")
    shared = ("slug", "due_date", "version", "program__slug", "program__name")
    criteria = open_criteria(user).select_related("program", "event").order_by(*order)
    tasks = open_tasks(user).select_related("program").order_by(*order)
    return (
        list(criteria.only("text", "state", "state_reason", "event__name", *shared)),
        list(tasks.only("title", *shared)),
    )
