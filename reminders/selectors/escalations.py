"""Whom running escalations have told so far, as the planner's facts. Must not decide anything."""

from core.gathering import hung
from escalation.models import Escalation, EscalationRung, PathTerms, RungCall
from escalation.selectors.paths import settled
from programs.domain.localtime import local_date
from reminders.domain.facts import CallFacts
from reminders.selectors.rows import Rows
from risks.models import EscalationPath


def calls(rows: Rows) -> tuple[CallFacts, ...]:
    """Calls of escalations that nobody acknowledged and that have not ended."""
    rungs, escalations, paths = rows.by_id(EscalationRung), rows.by_id(Escalation), rows.by_id(EscalationPath)
    hung(paths.values(), "terms", {terms.path_id: terms for terms in rows.of(PathTerms)})
    found = []
    newest_first = sorted(rungs.values(), key=lambda rung: (-rung.escalation_id, rung.position))
    place = {rung.pk: number for number, rung in enumerate(newest_first)}
    for row in sorted(rows.of(RungCall), key=lambda row: (place[row.rung_id], row.pk)):
        rung, escalation = rungs[row.rung_id], escalations[rungs[row.rung_id].escalation_id]
        found.append(
            CallFacts(
                escalation=escalation.pk,
                label=escalation.subject_label,
                started=local_date(escalation.started_at, rows.program.time_zone),
                rung=rung.position,
                at=row.called_at,
                user=row.user_id,
                role=row.role_slug,
                part=row.part,
                gaps=tuple(rung.gaps),
                urgent=escalation.critical or settled(paths[escalation.path_id]).round_the_clock,
            )
        )
    return tuple(found)
