"""Freezes a program at a gate (G11). Called by the services that open a review and record a decision, inside theirs.

Must not be called by a view: a snapshot belongs to the transaction of what it records.
"""

from django.db import transaction

from accounts.models import User
from core import clock
from gates.domain.canonical import SCHEMA, canonical, digest
from gates.enums import SnapshotKind
from gates.models import Decision, Snapshot
from gates.selectors.freezing import Moment, document_of
from phases.models import Event


def take(*, event: Event, kind: SnapshotKind, actor: User | None, decision: Decision | None = None) -> Snapshot:
    """Freeze the program of `event` as it is now, within the surrounding transaction (G11, P17).

    For a decision call it when the decision and its conditions are written and before the decision takes effect on
    event and program, so that the score is the one that was decided on. Errors: RuntimeError outside a transaction,
    ValueError when a decision's snapshot comes without its decision or the other way round.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a snapshot needs the transaction of what it freezes")
    if (kind is SnapshotKind.DECISION) != (decision is not None):
        raise ValueError("the snapshot of a decision names its decision, and no other does")
    now = clock.now()
    today = clock.today(event.program.time_zone)
    text = canonical(document_of(Moment(event, kind, now, today, decision)))
    return Snapshot.objects.create(
        program_id=event.program_id,
        event=event,
        decision=decision,
        kind=kind,
        schema_version=SCHEMA,
        document=text,
        sha256=digest(text),
        taken_at=now,
        taken_by=actor,
    )
