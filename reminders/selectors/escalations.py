"""Whom running escalations have told so far, as the planner's facts. Must not decide anything."""

from escalation.models import RungCall
from escalation.selectors.paths import settled
from programs.domain.localtime import local_date
from programs.models import Program
from reminders.domain.facts import CallFacts


def calls(program: Program) -> tuple[CallFacts, ...]:
    """Calls of escalations that nobody acknowledged and that have not ended (one query)."""
    rows = RungCall.objects.filter(
        ended_at=None,
        rung__escalation__program=program,
        rung__escalation__acknowledged_at=None,
        rung__escalation__ended_at=None,
    ).select_related("rung__escalation__path__terms")
    found = []
    for row in rows.order_by("rung__escalation", "rung__position", "pk"):
        rung = row.rung
        escalation = rung.escalation
        found.append(
            CallFacts(
                escalation=escalation.pk,
                label=escalation.subject_label,
                started=local_date(escalation.started_at, program.time_zone),
                rung=rung.position,
                at=row.called_at,
                user=row.user_id,
                role=row.role_slug,
                part=row.part,
                gaps=tuple(rung.gaps),
                urgent=escalation.critical or settled(escalation.path).round_the_clock,
            )
        )
    return tuple(found)
