"""Hears of approved scope changes, which make the next version of the outcome statement below (S16, S32).

In the transaction of the approval: what belongs to the old version is carried over, so that grade, priority and
metric do not fall off when the sponsor approves a new target.
"""

from activity.enums import Verb
from activity.models import Entry
from charter.models import OutcomeDetail
from programs.models import OutcomeStatement


def on_activity(entry: Entry) -> None:
    """Give the version a scope change made the detail of the version before it. Anything else is left alone."""
    number = entry.data.get("outcome_version")
    if entry.verb != Verb.SCOPE_APPROVED or number is None or entry.program_id is None:
        return
    after = OutcomeStatement.objects.get(program_id=entry.program_id, number=number)
    before = OutcomeDetail.objects.filter(statement__program_id=entry.program_id, statement__number=number - 1).first()
    if before is None:
        return
    OutcomeDetail.objects.create(
        statement=after,
        priority=before.priority,
        confidence=before.confidence,
        baseline_source=before.baseline_source,
        metric=before.metric,
        reason=f"Approved scope change: {entry.data.get('reason', '')}",
        written_by=before.written_by,
        written_at=entry.at,
        verified_by=before.verified_by,
        verified_at=before.verified_at,
    )
