"""Stops escalations: acknowledged by somebody, or ended because the cause is gone or somebody says so.

Undelivered rungs are cancelled in the same transaction by whoever listens to the record (rule 3 of the reminders).
"""

from typing import Any

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import one_line
from escalation import policies
from escalation.enums import Subject
from escalation.models import Escalation
from escalation.services import base
from metrics.models import Alert
from metrics.services import write_acknowledgement
from programs.selectors import cast_of

NOTE_LIMIT = 500


@transaction.atomic
def acknowledge(*, actor: User, escalation: Escalation, note: str) -> Escalation:
    """Say "seen, I am on it" and what is done: the clock stops. Twice is once; an alert behind it is acknowledged too.

    Errors: NotAllowed, Invalid (no words), Conflict (it ended meanwhile).
    """
    # The alert first, as whoever acknowledges it elsewhere takes the locks in this order.
    alert = _alert(escalation)
    row = base.lock(escalation.pk)
    policies.may_acknowledge(actor, row, cast_of(row.program)).require()
    if row.acknowledged_at is not None:
        return row
    words = one_line(note)[:NOTE_LIMIT]
    if not words:
        raise Invalid("Say what you do about it.", field="note")
    if row.ended_at is not None:
        raise Conflict("This ended a moment ago; nothing needs to be acknowledged.", current=row.ended_because)
    _settle(row, actor, words)
    if alert is not None and alert.acknowledged_at is None and alert.closed_at is None:
        # "I am on it": whoever answers here finds out why, until somebody else is named on the metric's page.
        write_acknowledgement(alert, alert.metric, actor=actor, investigator=actor, note=words)
    return row


def alert_acknowledged(alert_id: int) -> None:
    """Stop every clock of an alert that was acknowledged on its own page, with the same words and name."""
    alert = Alert.objects.select_related("acknowledged_by").filter(pk=alert_id).first()
    if alert is None:
        return
    for row in _open(subject_kind=Subject.ALERT, subject_id=alert_id, acknowledged_at=None):
        _settle(row, alert.acknowledged_by, alert.note)


@transaction.atomic
def end_by_hand(*, actor: User, escalation: Escalation, reason: str) -> Escalation:
    """End an escalation whose cause stays, with a reason. Twice is once. Errors: NotAllowed, Invalid."""
    row = base.lock(escalation.pk)
    policies.may_end(actor, row, cast_of(row.program)).require()
    if row.ended_at is not None:
        return row
    words = one_line(reason)[:300]
    if not words:
        raise Invalid("Say why it ends.", field="reason")
    base.end(row, words, actor)
    return row


def end_about(kind: Subject, subject_id: int, because: str) -> None:
    """End whatever is open about a thing whose cause is gone."""
    for row in _open(subject_kind=kind, subject_id=subject_id):
        base.end(row, because)


def end_all(program_id: int, because: str) -> None:
    """End whatever is open in a program that is over."""
    for row in _open(program_id=program_id):
        base.end(row, because)


def wake(**where: Any) -> None:
    """Have the next pass look again at whom running escalations tell: somebody's role changed."""
    Escalation.objects.filter(acknowledged_at=None, ended_at=None, **where).update(next_at=clock.now())


def _open(**where: Any) -> list[Escalation]:
    """What has not ended, locked in one order everywhere, so that no two writers deadlock."""
    return list(locked(Escalation.objects.filter(ended_at=None, **where)).select_related("path").order_by("pk"))


def _settle(row: Escalation, actor: User | None, words: str) -> None:
    row.acknowledged_at, row.acknowledged_by, row.note, row.next_at = clock.now(), actor, words[:NOTE_LIMIT], None
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "note", "next_at"])
    base.record(Verb.ESCALATION_ACKNOWLEDGED, row, actor, reason=row.note)


def _alert(escalation: Escalation) -> Alert | None:
    if escalation.subject_kind != Subject.ALERT:
        return None
    return locked(Alert.objects.filter(pk=escalation.subject_id)).select_related("metric").first()
