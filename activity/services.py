"""Writes the record, and tells those who asked to hear of it in the same transaction.

Must not know who listens: an app above registers a function in its `AppConfig.ready`. That is how a moved date
cancels queued reminders in the same transaction although `phases` never imports `reminders`.
"""

from typing import Any

from django.db import transaction

from activity.enums import Verb
from activity.listeners import tell
from activity.models import Entry
from core import clock
from core.context import request_id


def record(
    *,
    actor_id: int | None,
    verb: Verb,
    subject_kind: str,
    subject_id: int,
    subject_label: str = "",
    program_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> Entry:
    """Write one entry; it stands or falls with the surrounding transaction (P17).

    `data` holds plain JSON: dates as ISO text, people as ids. Errors: RuntimeError outside a transaction, since an
    entry that survives a failed change would be a lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("activity.record needs the transaction of the change it records")
    entry = Entry.objects.create(
        at=clock.now(),
        actor_id=actor_id,
        verb=verb,
        program_id=program_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_label=subject_label[:400],
        data=data or {},
        request_id=request_id.get(),
    )
    tell(entry)
    return entry
