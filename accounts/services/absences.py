"""When people are away. Must not reroute mail itself: the planner hears of it from the record."""

import datetime as dt

from django.db import transaction

from accounts import policies
from accounts.models import Absence, User
from accounts.selectors import fault_of_absence
from accounts.services._shared import record_person
from activity.enums import Verb
from core.errors import Invalid
from core.locks import locked


@transaction.atomic
def add_absence(*, actor: User, user: User, start: dt.date, end: dt.date) -> Absence:
    """Note that `user` is away from `start` to `end`, both included.

    Errors: NotAllowed; Invalid at `start` or `end` (order, over already, too long, overlapping). Records
    absence.changed.
    """
    user = locked(User.objects.filter(pk=user.pk)).get()
    policies.may_change_profile(actor, user).require()
    if found := fault_of_absence(user, start, end):
        field, message = found
        raise Invalid(message, field=field)
    absence = Absence.objects.create(user=user, start=start, end=end)
    _record(actor, user, absence, "added")
    return absence


@transaction.atomic
def remove_absence(*, actor: User, absence: Absence) -> None:
    """Forget an absence. Errors: NotAllowed. Records absence.changed."""
    policies.may_change_profile(actor, absence.user).require()
    _record(actor, absence.user, absence, "removed")
    absence.delete()


def _record(actor: User, user: User, absence: Absence, change: str) -> None:
    record_person(
        actor,
        Verb.ABSENCE_CHANGED,
        user,
        change=change,
        start=absence.start.isoformat(),
        end=absence.end.isoformat(),
    )
