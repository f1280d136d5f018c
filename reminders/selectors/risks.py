"""The risks of a program as the planner's facts: actions with a date, reviews with a date. Must not decide anything."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from programs.models import Program
from programs.selectors import Cast
from reminders.domain.facts import ItemFacts, RiskFacts
from reminders.enums import Kind
from risks.domain.register import PhaseStart, counts, positions_reached
from risks.models import MitigationAction, Risk

OPEN = Q(done_at=None, due_date__isnull=False, risk__closed_at=None)
"""Actions that are owed: planned with a date, not finished, against a risk that is open."""


def actions(program: Program, cast: Cast) -> tuple[ItemFacts, ...]:
    """Mitigation actions as items: their role's holder owes them, the ladder follows (one query; S58)."""
    rows = MitigationAction.objects.filter(OPEN, risk__program=program).order_by("pk")
    return tuple(
        ItemFacts(Kind.ACTION, pk, slug, text, due, cast.by_id[role_id].slug)
        for pk, slug, text, due, role_id in rows.values_list("pk", "risk__slug", "text", "due_date", "owner_role_id")
        if due is not None
    )


def reviews(program: Program, cast: Cast, today: date) -> tuple[RiskFacts, ...]:
    """Open risks that count today with the day of their next review (two queries; S57)."""
    phases = [PhaseStart(*row) for row in program.phases.values_list("slug", "position", "start_date")]
    reached, positions = positions_reached(phases, today), {phase.slug: phase.position for phase in phases}
    rows = Risk.objects.filter(program=program, closed_at=None, review_on__isnull=False).order_by("pk")
    return tuple(
        RiskFacts(row.pk, row.slug, f"Risk: {row.event}", row.review_on, cast.by_id[row.owner_role_id].slug)
        for row in rows
        if row.review_on is not None
        and counts(row.raise_from_phase, raised=row.raised_at is not None, reached=reached, positions=positions)
    )


def dates(ids: Mapping[str, set[int]]) -> dict[tuple[str, int], date | None]:
    """The days of actions and reviews that are still owed; nothing is asked for kinds nobody is mailed about."""
    owed = {
        Kind.ACTION: MitigationAction.objects.filter(OPEN).values_list("pk", "due_date"),
        Kind.RISK: Risk.objects.filter(closed_at=None).values_list("pk", "review_on"),
    }
    return {(str(kind), pk): due for kind, rows in owed.items() for pk, due in rows.filter(pk__in=ids[kind])}
