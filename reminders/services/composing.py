"""Gathers due reminders into mails: one per person and local day, at a decent hour (rules 2, 4, 5). Must not send."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Absence, User
from core.locks import locked
from programs.domain.localtime import local_date, local_instant
from reminders.defaults import limits
from reminders.domain.facts import Person
from reminders.domain.hours import next_decent_hour
from reminders.domain.intents import daily_key, message_id
from reminders.enums import State
from reminders.models import Delivery, Mail
from reminders.selectors.facts import person_of

LOOK = 1000
"""Due rows looked at per round; each one leaves the queue's head by being mailed, moved to a later hour or closed."""

OVERTAKEN = "Overtaken: its day or its next step had come before it could leave"
TOO_LATE = "That day's mail had left already, and it makes no sense later"


def expire(now: datetime) -> int:
    """Close waiting reminders that have no sense any more, with the reason. Returns how many."""
    stale = Delivery.objects.filter(state=State.QUEUED, mail__isnull=True, expires_at__lte=now)
    return stale.update(state=State.EXPIRED, reason=OVERTAKEN)


def compose(now: datetime) -> int:
    """Put what is due into mails, person by person. Returns how many mails were made.

    Reminders of a program that waits for planning stay where they are: something about it has just changed.
    """
    made = 0
    for _ in range(100):
        people = list(dict.fromkeys(_due(now).order_by("not_before").values_list("user_id", flat=True)[:LOOK]))
        if not people:
            break
        for user_id in people:
            made += _compose_for(user_id, now)
    return made


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=State.QUEUED, mail__isnull=True, not_before__lte=now, program__reminder_plan__dirty=False
    )


@transaction.atomic
def _compose_for(user_id: int, now: datetime) -> int:
    """Make the mail of one person, or move their reminders to the next decent hour."""
    user = User.objects.get(pk=user_id)
    person = person_of(user, tuple(Absence.objects.filter(user=user).values_list("start", "end")))
    ready: list[Delivery] = []
    for row in _due(now).filter(user_id=user_id).select_related("program"):
        allowed = _allowed(row, person, now)
        if allowed <= now:
            ready.append(row)
        else:
            _postpone(row, allowed)
    if not ready:
        return 0
    today = local_date(now, person.zone)
    daily = _mail(daily_key(user_id, today), user, today, now)
    if _takes_more(daily):
        return _attach(ready, daily, now)
    return _after_the_daily_mail(ready, user, person, today, now)


def _after_the_daily_mail(ready: Iterable[Delivery], user: User, person: Person, today: date, now: datetime) -> int:
    """The mail of the day has left: a gate today or an escalation goes alone, the rest waits for tomorrow (rule 4)."""
    made = 0
    tomorrow = local_instant(today + timedelta(days=1), 0, person.zone)
    # Read again: another tick may have put these into the very mail whose lock we waited for.
    for row in Delivery.objects.filter(pk__in=_open(ready)).select_related("program"):
        mail = _mail(f"alone|{row.key}", user, today, now) if row.alone else None
        if mail is not None and _takes_more(mail):
            made += _attach([row], mail, now)
        else:
            _postpone(row, _allowed(row, person, tomorrow))
    return made


def _allowed(row: Delivery, person: Person, now: datetime) -> datetime:
    any_day = row.planned_on if row.any_day else None
    calendar = row.program.calendar
    return next_decent_hour(now, person, calendar, late_until=limits().late_until_hour, any_day=any_day)


def _postpone(row: Delivery, until: datetime) -> None:
    """Wait until `until`, or close the row when it makes no sense then (it would only block the queue's head)."""
    rows = Delivery.objects.filter(pk=row.pk, state=State.QUEUED, mail__isnull=True)
    if until >= row.expires_at:
        rows.update(state=State.EXPIRED, reason=TOO_LATE)
    else:
        rows.update(not_before=until)


def _takes_more(mail: Mail) -> bool:
    """Whether no server can have seen this mail yet, so that it may still be filled (again)."""
    return mail.mime is None and mail.state in (State.QUEUED, State.CANCELLED, State.EXPIRED)


def _mail(key: str, user: User, today: date, now: datetime) -> Mail:
    """The mail with this key, locked; made when there is none. Its Message-ID follows from the key."""
    mail = Mail(
        key=key,
        message_id=message_id(key, settings.MAIL_DOMAIN),
        user=user,
        address=user.email,
        local_date=today,
        not_before=now,
        created_at=now,
    )
    Mail.objects.bulk_create([mail], update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    return locked(Mail.objects.filter(key=key)).get()


def _attach(rows: Iterable[Delivery], mail: Mail, now: datetime) -> int:
    """Put reminders into a mail and queue it. Returns 1 when the mail has something to say now, else 0."""
    wanted = Delivery.objects.filter(pk__in=_open(rows))
    if not wanted.update(mail=mail):
        return 0
    if mail.state != State.QUEUED:
        Mail.objects.filter(pk=mail.pk).update(state=State.QUEUED, not_before=now, attempts=0, reason="")
    return 1


def _open(rows: Iterable[Delivery]) -> list[int]:
    """The rows that still wait for a mail, locked in one order everywhere, so that no two writers deadlock."""
    still = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=State.QUEUED, mail__isnull=True)
    return list(locked(still).order_by("pk").values_list("pk", flat=True))
