"""One item and who answers for it. Must not write."""

from django.http import Http404

from accounts.models import User
from core.gathering import PreparedRows
from phases.domain import responsibility
from phases.domain.responsibility import Responsible
from phases.models import Criterion, Event, Evidence, PlanItem, Task
from programs.enums import SPONSOR
from programs.models import Program
from programs.selectors import Cast, active

_CRITERION = PreparedRows(
    lambda program, slug: (
        Criterion.objects.filter(program=program, slug=slug)
        .select_related("event", "handed_in_by", "verified_by", "assignee")
        .order_by()
    )
)
_TASK = PreparedRows(
    lambda program, slug: (
        Task.objects.filter(program=program, slug=slug).select_related("workstream", "done_by", "assignee").order_by()
    )
)
_EVENT = PreparedRows(
    lambda program, slug: (
        Event.objects.filter(program=program, slug=slug).select_related("phase", "decided_by").order_by()
    )
)

_PROOFS = PreparedRows(
    lambda criterion: Evidence.objects.filter(criterion=criterion).select_related("added_by", "metric")
)
_FEEDING = PreparedRows(lambda criterion: Task.objects.filter(feeds=criterion).select_related("assignee", "workstream"))


def find_criterion(program: Program, slug: str) -> Criterion:
    """Return a criterion of the program. Errors: Http404."""
    found = _CRITERION.first(program.pk, slug)
    if found is None:
        raise Http404("No such criterion")
    found.program = program
    return found


def find_task(program: Program, slug: str) -> Task:
    """Return a task of the program. Errors: Http404."""
    found = _TASK.first(program.pk, slug)
    if found is None:
        raise Http404("No such task")
    found.program = program
    return found


def find_event(program: Program, slug: str) -> Event:
    """Return a checkpoint or gate of the program. Errors: Http404."""
    found = _EVENT.first(program.pk, slug)
    if found is None:
        raise Http404("No such gate or checkpoint")
    found.program = program
    return found


def proofs_of(criterion: Criterion) -> list[Evidence]:
    """Return every proof of a criterion, withdrawn ones too, with who added it and the metric (one query)."""
    proofs = _PROOFS.rows(criterion.pk)
    for proof in proofs:
        proof.criterion = criterion
    return proofs


def tasks_feeding(criterion: Criterion, cast: Cast) -> list[Task]:
    """Return the tasks that feed a criterion of the program of `cast`, ready for rows (one query)."""
    tasks = _FEEDING.rows(criterion.pk)
    for task in tasks:
        task.program, task.owner_role = cast.program, cast.by_id[task.owner_role_id]
    return tasks


def responsible_for(item: PlanItem, cast: Cast) -> Responsible:
    """Say who answers for an item (its assignee must be loaded)."""
    role = cast.by_id[item.owner_role_id]
    return responsibility.responsible(
        assignee=_id(active(item.assignee)),
        holder=_id(active(role.holder)),
        deputy=_id(active(role.deputy)),
        manager=_id(cast.manager),
    )


def verifiers_for(criterion: Criterion, cast: Cast) -> tuple[int, ...]:
    """Say who may verify a criterion, first choice first; in a small team on record also its owner (G2)."""
    role = cast.by_id[criterion.verifier_role_id]
    return responsibility.verifiers(
        holder=_id(active(role.holder)),
        deputy=_id(active(role.deputy)),
        manager=_id(cast.manager),
        sponsor=_id(cast.holder(SPONSOR)),
        excluded=() if cast.program.small_team else owners_of(criterion, cast),
    )


def owners_of(criterion: Criterion, cast: Cast) -> tuple[int | None, ...]:
    """Say who stands behind a criterion and so may never verify it (G2).

    Who answers now, the role's holder (also after delegating: else one could hand over and then wave through), and
    whoever handed it in.
    """
    holder = active(cast.by_id[criterion.owner_role_id].holder)
    return responsible_for(criterion, cast).addressee, _id(holder), criterion.handed_in_by_id


def _id(person: User | None) -> int | None:
    return person.pk if person is not None else None
