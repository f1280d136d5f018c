"""Reads scope changes. Must not write."""

from collections.abc import Mapping

from django.db.models import Count, Q
from django.http import Http404

from programs.models import OutcomeStatement, Program
from registers.enums import ScopeState
from registers.models import ScopeChange

FILTERS: Mapping[str, tuple[str, Q]] = {
    "all": ("All", Q()),
    "waiting": ("Waiting for the sponsor", Q(state=ScopeState.REQUESTED)),
    "approved": ("Approved", Q(state=ScopeState.APPROVED)),
    "refused": ("Refused", Q(state=ScopeState.REFUSED)),
}


def listed(program: Program, chosen: str) -> list[ScopeChange]:
    """Return the scope changes of a filter, newest first (one query)."""
    _, condition = FILTERS[chosen]
    rows = list(ScopeChange.objects.filter(condition, program=program).select_related("logged_by", "decided_by"))
    for row in rows:
        row.program = program
    return rows


def counts(program: Program) -> dict[str, int]:
    """Return how many scope changes each filter shows (one query)."""
    named = {name: Count("pk", filter=condition) for name, (_, condition) in FILTERS.items() if name != "all"}
    return ScopeChange.objects.filter(program=program).aggregate(all=Count("pk"), **named)


def find_scope_change(program: Program, number: int) -> ScopeChange:
    """Return one scope change. Errors: Http404."""
    found = (
        ScopeChange.objects.filter(program=program, number=number)
        .select_related("logged_by", "decided_by", "outcome_before", "outcome_after")
        .first()
    )
    if found is None:
        raise Http404("No such scope change")
    found.program = program
    return found


def current_outcome(program: Program) -> OutcomeStatement | None:
    """Return the newest version of the outcome statement."""
    return OutcomeStatement.objects.filter(program=program).order_by("-number").first()
