"""Who sent which reminders again by hand, from the activity record. Must not write."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from accounts.models import User
from activity.enums import Verb
from activity.models import Entry
from core.text import one_line
from reminders.models import Delivery

SUBJECT = "delivery"
"""How the record names a reminder that was sent again."""


def resent_by(rows: Iterable[Delivery]) -> dict[int, str]:
    """The name of whoever sent each row again, by the row's id (one query; none when no row was sent by hand)."""
    wanted = [row.pk for row in rows if row.is_again and row.pk]
    if not wanted:
        return {}
    who = User.objects.filter(pk=OuterRef("actor_id"))
    entries = Entry.objects.filter(subject_kind=SUBJECT, subject_id__in=wanted, verb=Verb.REMINDER_RESENT)
    found = entries.values_list("subject_id", Subquery(who.values("name")[:1]), Subquery(who.values("email")[:1]))
    return {row: one_line(name or email or "somebody") for row, name, email in found}


def resent_by_id(row: Delivery) -> int | None:
    """The id of whoever sent a row again."""
    entry = Entry.objects.filter(subject_kind=SUBJECT, subject_id=row.pk, verb=Verb.REMINDER_RESENT).first()
    return entry.actor_id if entry else None
