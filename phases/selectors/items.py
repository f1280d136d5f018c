"""One item and who answers for it. Must not write."""

from django.http import Http404

from accounts.models import User
from phases.domain import responsibility
from phases.domain.responsibility import Responsible
from phases.models import Criterion, Event, PlanItem, Task
from programs.enums import SPONSOR
from programs.models import Program
from programs.selectors import Cast, active


def find_criterion(program: Program, slug: str) -> Criterion:
    """Return a criterion of the program. Errors: Http404."""
    found = (
        Criterion.objects.filter(program=program, slug=slug)
        .select_related("event", "handed_in_by", "verified_by", "assignee")
        .first()
    )
    if found is None:
        raise Http404("No such criterion")
    found.program = program
    return found


def find_task(program: Program, slug: str) -> Task:
    """Return a task of the program. Errors: Http404."""
    found = Task.objects.filter(program=program, slug=slug).select_related("workstream", "done_by", "assignee").first()
    if found is None:
        raise Http404("No such task")
    found.program = program
    return found


def find_event(program: Program, slug: str) -> Event:
    """Return a checkpoint or gate of the program. Errors: Http404."""
    found = Event.objects.filter(program=program, slug=slug).select_related("phase", "decided_by").first()
    if found is None:
        raise Http404("No such gate or checkpoint")
    found.program = program
    return found


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
