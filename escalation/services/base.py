"""What every write of escalation shares: lock, set the clock, end, record. No rules here."""

import datetime as dt

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.locks import locked
from escalation.domain.clock import next_due
from escalation.models import Escalation
from escalation.selectors.paths import clock_of, levels_of, waits_of, with_levels
from risks.models import EscalationPath

KIND = "escalation"


def lock(escalation_id: int) -> Escalation:
    """The row as it is now, locked, with its program and its path's levels. Errors: DoesNotExist."""
    row = locked(Escalation.objects.filter(pk=escalation_id)).select_related("program").get()
    row.path = with_levels(EscalationPath.objects.filter(pk=row.path_id)).get()
    return row


def next_instant(row: Escalation) -> dt.datetime | None:
    """When the next rung of a running escalation is due; None when its clock stands. One query for the rungs."""
    if not row.is_running:
        return None
    reached = list(row.rungs.order_by("position").values_list("reached_at", flat=True))
    return next_due(waits_of(levels_of(row.path)), row.started_at, reached, clock_of(row.program, row.path))


def end(row: Escalation, because: str, actor: User | None = None) -> None:
    """End a locked escalation for a reason, and tell; what was not delivered is cancelled by whoever listens."""
    row.ended_at, row.ended_by, row.ended_because, row.next_at = clock.now(), actor, because[:300], None
    row.save(update_fields=["ended_at", "ended_by", "ended_because", "next_at"])
    record(Verb.ESCALATION_ENDED, row, actor, reason=because[:300])


def record(verb: Verb, row: Escalation, actor: User | None = None, **data: object) -> None:
    """Write the activity entry of an escalation, in the transaction of the change."""
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind=KIND,
        subject_id=row.pk,
        subject_label=row.subject_label,
        program_id=row.program_id,
        data={"path": row.path.name, **data},
    )
