"""Keeps the version log: what was changed in the running system and who approved it (S78)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from governance import policies
from governance.enums import ChangeKind
from governance.models import ChangeRecord
from governance.services.base import hold, line, next_number, record, today_of, words
from programs.models import Program
from programs.selectors import cast_of


@transaction.atomic
def log_change(
    *,
    actor: User,
    program: Program,
    kind: ChangeKind,
    what: str,
    why: str,
    release: str,
    applied_on: dt.date,
    evidence: str = "",
    key: str = "",
) -> ChangeRecord:
    """Log a change, done or planned; until a second person approves it, the log says so (S78).

    The same form sent twice is one change. Errors: NotAllowed, Invalid (no words).
    """
    program = hold(program)
    policies.may_report(actor, cast_of(program)).require()
    twin = ChangeRecord.objects.filter(form_key=key, logged_by=actor, program=program).first() if key else None
    if twin is not None:
        return twin
    change = ChangeRecord.objects.create(
        program=program,
        number=next_number(ChangeRecord, program),
        kind=ChangeKind(kind).value,
        what=line(what, "what", "Say what is changed."),
        why=words(why, "why", "Say why, and what it may touch."),
        release=line(release, "release", "Name the version that runs afterwards.", limit=120),
        applied_on=applied_on,
        evidence=evidence.strip(),
        logged_by=actor,
        logged_at=clock.now(),
        form_key=key or None,
    )
    record(actor, Verb.CHANGE_LOGGED, change, program, number=change.number, release=change.release, kind=change.kind)
    return change


@transaction.atomic
def approve_change(*, actor: User, change: ChangeRecord, note: str = "") -> ChangeRecord:
    """Approve a change as a second person, as of today: nobody dates an approval back. Twice is once.

    Errors: NotAllowed, Invalid (approved by somebody else).
    """
    change = locked(ChangeRecord.objects.select_related("program").filter(pk=change.pk)).get()
    policies.may_approve(actor, change, cast_of(change.program)).require()
    if change.approved_at is not None:
        if change.approved_by_id == actor.pk:
            return change
        raise Invalid("Somebody else approved this already.")
    change.approved_by, change.approved_at = actor, clock.now()
    change.approved_on = today_of(change.program)
    change.note = " ".join(note.split())[:500]
    change.save(update_fields=["approved_by", "approved_at", "approved_on", "note"])
    record(actor, Verb.CHANGE_APPROVED, change, change.program, number=change.number, late=change.days_before_approval)
    return change
