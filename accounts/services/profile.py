"""What people change about themselves. Must not touch rights."""

from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import policies
from accounts.models import User
from accounts.services._shared import checked_name, checked_zone, record_person
from activity.enums import Verb
from core.errors import Invalid
from core.locks import locked


@transaction.atomic
def change_profile(*, actor: User, user: User, name: str, time_zone: str, reminder_hour: int) -> User:
    """Set name, time zone and the local hour at which reminders arrive (0 to 23).

    Errors: NotAllowed; Invalid at the field. Records user.changed with the old and new zone and hour (the planner
    moves queued mail by it), and only that the name changed, not the name.
    """
    user = locked(User.objects.filter(pk=user.pk)).get()
    policies.may_change_profile(actor, user).require()
    if not 0 <= reminder_hour <= 23:
        raise Invalid("The hour is a whole number from 0 to 23.", field="reminder_hour")
    new: dict[str, Any] = {
        "name": checked_name(name),
        "time_zone": checked_zone(time_zone),
        "reminder_hour": reminder_hour,
    }
    changes = {field: [getattr(user, field), value] for field, value in new.items() if getattr(user, field) != value}
    if not changes:
        return user
    for field in changes:
        setattr(user, field, new[field])
    user.save(update_fields=list(changes))
    if "name" in changes:
        changes["name"] = []
    record_person(actor, Verb.USER_CHANGED, user, changes=changes)
    return user


@transaction.atomic
def end_sessions(*, actor: User, user: User) -> User:
    """End every session of the person on their next request (ASVS 7.4.3); the caller renews the one at hand.

    Errors: NotAllowed. Records user.changed.
    """
    policies.may_change_profile(actor, user).require()
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    record_person(actor, Verb.USER_CHANGED, user, changes={"sessions": []})
    return user


def note_password_changed(*, actor: User, user: User) -> None:
    """Record that a password was set; call in the transaction that saved it."""
    record_person(actor, Verb.USER_CHANGED, user, changes={"password": []})


def note_email_changed(*, actor: User, user: User) -> None:
    """Record that the address was confirmed or changed; call in the transaction that saved it."""
    record_person(actor, Verb.USER_CHANGED, user, changes={"email": []})
