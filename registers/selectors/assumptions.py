"""Reads the assumption log. Must not write."""

from collections.abc import Mapping

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from phases.models import Event
from programs.models import Program
from registers.enums import Result
from registers.models import Assumption, AssumptionExplanation

FILTERS: Mapping[str, tuple[str, Q]] = {
    "all": ("All", Q()),
    "top": ("Top five", Q(rank__isnull=False)),
    "untested": ("Untested", Q(result="")),
    "broken": ("Broken", Q(result=Result.BROKEN)),
}


def untested_top_assumptions(program: Program, event: Event | None = None) -> QuerySet[Assumption]:
    """Return the top-five assumptions without a test result, the most hurtful first (S15).

    With `event`, those explained for that checkpoint or gate are left out: what remains keeps it from closing.
    """
    found = Assumption.objects.filter(program=program, rank__isnull=False, result="")
    found = found.select_related("program").order_by("rank")
    if event is None:
        return found
    explained = AssumptionExplanation.objects.filter(assumption=OuterRef("pk"), event=event)
    return found.exclude(Exists(explained))


def listed(program: Program, chosen: str) -> list[Assumption]:
    """Return the assumptions of a filter, ranked ones first (one query)."""
    _, condition = FILTERS[chosen]
    rows = list(Assumption.objects.filter(condition, program=program).select_related("tested_by", "owner_role__holder"))
    for row in rows:
        row.program = program
    return rows


def counts(program: Program) -> dict[str, int]:
    """Return how many assumptions each filter shows (one query)."""
    named = {name: Count("pk", filter=condition) for name, (_, condition) in FILTERS.items() if name != "all"}
    return Assumption.objects.filter(program=program).aggregate(all=Count("pk"), **named)


def find_assumption(program: Program, number: int) -> Assumption:
    """Return one assumption. Errors: Http404."""
    found = (
        Assumption.objects.filter(program=program, number=number)
        .select_related("tested_by", "logged_by", "owner_role__holder")
        .first()
    )
    if found is None:
        raise Http404("No such assumption")
    found.program = program
    return found


def explanations_of(assumption: Assumption) -> list[AssumptionExplanation]:
    """Return why it is untested, one explanation a checkpoint (one query)."""
    return list(assumption.explanations.select_related("event", "by"))


def pending_events(program: Program) -> list[Event]:
    """Return checkpoints and gates that have no outcome yet: those an explanation can be for (one query)."""
    return list(Event.objects.filter(program=program, decided_at__isnull=True))
