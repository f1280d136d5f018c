"""The risks of a program as the planner's facts: actions with a date, reviews with a date. Must not decide anything."""

from collections.abc import Mapping
from datetime import date

from phases.models import Phase
from programs.selectors import Cast
from reminders.domain.facts import ItemFacts, RiskFacts
from reminders.enums import Kind
from reminders.selectors.rows import OPEN_ACTION, Rows
from risks.domain.register import PhaseStart, counts, positions_reached
from risks.models import MitigationAction, Risk


def actions(rows: Rows, cast: Cast) -> tuple[ItemFacts, ...]:
    """Mitigation actions as items: their role's holder owes them, the ladder follows (S58)."""
    risks = rows.by_id(Risk)
    return tuple(
        ItemFacts(
            Kind.ACTION, row.pk, risks[row.risk_id].slug, row.text, row.due_date, cast.by_id[row.owner_role_id].slug
        )
        for row in rows.of(MitigationAction)
        if row.due_date is not None
    )


def reviews(rows: Rows, cast: Cast, today: date) -> tuple[RiskFacts, ...]:
    """Open risks that count today with the day of their next review (S57)."""
    in_order = sorted(rows.of(Phase), key=lambda phase: phase.position)
    phases = [PhaseStart(phase.slug, phase.position, phase.start_date) for phase in in_order]
    reached, positions = positions_reached(phases, today), {phase.slug: phase.position for phase in phases}
    return tuple(
        RiskFacts(row.pk, row.slug, f"Risk: {row.event}", row.review_on, cast.by_id[row.owner_role_id].slug)
        for row in rows.of(Risk)
        if row.review_on is not None
        and counts(row.raise_from_phase, raised=row.raised_at is not None, reached=reached, positions=positions)
    )


def dates(ids: Mapping[str, set[int]]) -> dict[tuple[str, int], date | None]:
    """The days of actions and reviews that are still owed; nothing is asked for kinds nobody is mailed about."""
    found: dict[tuple[str, int], date | None] = {}
    if ids[Kind.ACTION]:
        actions = MitigationAction.objects.filter(OPEN_ACTION, pk__in=ids[Kind.ACTION])
        found |= {(Kind.ACTION, pk): due for pk, due in actions.values_list("pk", "due_date")}
    if ids[Kind.RISK]:
        risks = Risk.objects.filter(pk__in=ids[Kind.RISK], closed_at=None)
        found |= {(Kind.RISK, pk): due for pk, due in risks.values_list("pk", "review_on")}
    return found
