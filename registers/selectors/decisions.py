"""Reads the decision log. Must not write."""

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from programs.models import Program
from registers.domain.decisions import ARCHITECTURE as ARCHITECTURE_KINDS
from registers.domain.decisions import KINDS_OF_CRITERION, TRADES, missing_kinds
from registers.enums import DecisionKind
from registers.models import DecisionRecord

CURRENT = Q(superseded_by__isnull=True)
UNWEIGHED = CURRENT & Q(**{name: "" for name in TRADES})
ARCHITECTURE = CURRENT & Q(kind__in=ARCHITECTURE_KINDS)
FILTERS: Mapping[str, tuple[str, Q]] = {
    "current": ("In force", CURRENT),
    "architecture": ("Architecture", ARCHITECTURE),
    "flagged": ("Without a trade-off note", UNWEIGHED),
    "superseded": ("Superseded", ~CURRENT),
    "all": ("All", Q()),
}


def missing_decision_kinds(program: Program, criterion_slug: str = "g60-architecture-decided") -> list[DecisionKind]:
    """Return which kinds of decision a criterion still waits for (S48); no query when it waits for none."""
    if criterion_slug not in KINDS_OF_CRITERION:
        return []
    on_record = DecisionRecord.objects.filter(CURRENT, program=program).values_list("kind", flat=True)
    return list(missing_kinds(criterion_slug, frozenset(on_record)))


def _rows(program: Program) -> QuerySet[DecisionRecord]:
    return DecisionRecord.objects.filter(program=program).select_related(
        "decided_by", "logged_by", "supersedes", "superseded_by"
    )


def _adopted(row: DecisionRecord, program: Program) -> DecisionRecord:
    """Give a record and its neighbours the program that is loaded already, so that their addresses ask nothing."""
    for one in (row, row.supersedes, later_of(row)):
        if one is not None:
            one.program = program
    return row


def listed(program: Program, chosen: str) -> list[DecisionRecord]:
    """Return the decisions of a filter, newest first (one query)."""
    _, condition = FILTERS[chosen]
    return [_adopted(row, program) for row in _rows(program).filter(condition)]


def counts(program: Program) -> dict[str, int]:
    """Return how many decisions each filter shows (one query)."""
    named = {name: Count("pk", filter=condition) for name, (_, condition) in FILTERS.items() if name != "all"}
    return DecisionRecord.objects.filter(program=program).aggregate(all=Count("pk"), **named)


def find_decision(program: Program, number: int) -> DecisionRecord:
    """Return one decision record. Errors: Http404."""
    found = _rows(program).filter(number=number).first()
    if found is None:
        raise Http404("No such decision")
    return _adopted(found, program)


def later_of(record: DecisionRecord) -> DecisionRecord | None:
    """Return the record that superseded this one, if any (no query when it was read by these selectors)."""
    return getattr(record, "superseded_by", None)
