"""Whom mail reaches: keeps what providers report, judges it, suppresses an address and lifts that again (P7).

A refusal at SMTP time and a provider's event end in the same place. Letters somebody asks for by a press (sign-in,
invitation, password) are still tried: the answer is shown at once, and a way in must not be closed by an old bounce.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from accounts.managers import clean_email
from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from activity.models import Entry
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import one_line, shorten
from reminders import policies
from reminders.domain.bounces import KEPT, SOFT_SPAN, Cause, Weight, is_refused, of_event, too_often
from reminders.enums import Outcome
from reminders.models import Mail, MailEvent, Suppression
from reminders.services.transport import Reply

_log = logging.getLogger(__name__)

AT_ONCE = 200
KEPT_DAYS = 90
AGAIN_AFTER = timedelta(days=1)
"""How long somebody waits before asking for another try themselves; an administrator need not."""


@transaction.atomic
def take(events: Iterable[MailEvent]) -> int:
    """Keep reported events before anybody judges them; a repeat changes nothing. Returns how many are worth a row."""
    # Once each: PostgreSQL refuses a statement that names a row twice, and the provider would repeat it for ever.
    kept = (event for event in events if event.kind in KEPT and event.address)
    wanted = {(event.provider, event.event_id): event for event in kept}
    MailEvent.objects.bulk_create(
        wanted.values(), update_conflicts=True, unique_fields=["provider", "event_id"], update_fields=["provider"]
    )
    return len(wanted)


def judge(now: datetime) -> int:
    """Judge the events that wait, oldest first, and forget those of long ago. Returns how many were judged.

    An event that cannot be judged is logged, set aside and holds up nobody (P8).
    """
    done = 0
    for pk in MailEvent.objects.filter(processed_at=None).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            done += _judge(pk, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _log.exception("mail event %s cannot be judged", pk)
            MailEvent.objects.filter(pk=pk).update(processed_at=now)
    old = MailEvent.objects.filter(received_at__lt=now - timedelta(days=KEPT_DAYS)).order_by("pk")
    MailEvent.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()
    return done


@transaction.atomic
def _judge(pk: int, now: datetime) -> int:
    event = locked(MailEvent.objects.filter(pk=pk, processed_at=None), skip=True).first()
    if event is None:
        return 0
    MailEvent.objects.filter(pk=pk).update(processed_at=now)
    verdict = of_event(event.kind, event.reason, soft=event.soft)
    cause = verdict.cause
    if verdict.weight is Weight.SOFT and _comes_back_too_often(event.address, now):
        cause = Cause.REPEATED
    # What was reported about the time before the last lifting is known already.
    last = Suppression.objects.filter(address=event.address, lifted_at__isnull=False).order_by("-lifted_at").first()
    if cause is not None and not (last and last.lifted_at and event.happened_at <= last.lifted_at):
        suppress(address=event.address, cause=cause, words=event.words, at=now)
    return 1


def _comes_back_too_often(address: str, now: datetime) -> bool:
    recent = MailEvent.objects.filter(address=address, happened_at__gt=now - SOFT_SPAN)
    arrived = recent.filter(kind="delivered").order_by("-happened_at").values_list("happened_at", flat=True).first()
    bounced = recent.filter(kind="bounced").values_list("happened_at", flat=True)
    return too_often((at for at in bounced if arrived is None or at > arrived), now)


def note_refusal(mail: Mail, reply: Reply, at: datetime) -> None:
    """Mark the address of a mail that a server refused for good because of that address; else do nothing.

    Own transaction, after the outcome is on record: planner and this lock in the same order.
    """
    if reply.outcome == Outcome.PERMANENT and is_refused(reply.text, at_recipient=reply.at_recipient):
        suppress(address=mail.address, cause=Cause.REFUSED, words=reply.text, at=at)


@transaction.atomic
def suppress(*, address: str, cause: Cause, words: str, at: datetime) -> Suppression | None:
    """Send nothing to the person with this address until somebody lifts it; again changes nothing.

    Returns the open suppression, None when nobody has the address. Records user.mail_unreachable, by which waiting
    reminders are cancelled and asked of others.
    """
    user = locked(User.objects.filter(email=clean_email(address))).first()
    if user is None:
        return None
    known = Suppression.objects.filter(user=user, lifted_at=None).first()
    if known is not None:
        return known
    made = Suppression.objects.create(
        user=user, address=user.email, cause=cause, words=shorten(one_line(words), 300), since=at
    )
    User.objects.filter(pk=user.pk).update(no_mail_since=at)
    _record(None, Verb.MAIL_UNREACHABLE, user, cause=cause.value)
    return made


@transaction.atomic
def lift(*, actor: User, user: User) -> None:
    """Send mail to a person again, by an administrator's decision; again changes nothing. Errors: NotAllowed."""
    policies.may_lift(actor).require()
    _lift(actor, user.pk, "An administrator lifted it")


@transaction.atomic
def try_again(*, actor: User) -> None:
    """Send mail to oneself again, at most once a day. Errors: Invalid (tried a moment ago and it came back)."""
    last = Suppression.objects.filter(user=actor, lifted_at__gt=clock.now() - AGAIN_AFTER).first()
    if last is not None and Suppression.objects.filter(user=actor, lifted_at=None).exists():
        raise Invalid("A new try was made less than a day ago and the mail came back. Correct the address instead.")
    _lift(actor, actor.pk, "A new try was asked for")


def on_confirmed(entry: Entry) -> None:
    """Lift a suppression when its person confirmed their address by the link in a mail, or moved to another one."""
    if entry.verb == Verb.USER_CHANGED and "email" in entry.data.get("changes", {}):
        _lift(None, entry.subject_id, "The address was confirmed")


def _lift(actor: User | None, user_id: int, because: str) -> None:
    user = locked(User.objects.filter(pk=user_id)).get()
    open_ = Suppression.objects.filter(user=user, lifted_at=None)
    if not open_.update(lifted_at=clock.now(), lifted_by=actor, lifted_because=because):
        return
    User.objects.filter(pk=user.pk).update(no_mail_since=None)
    _record(actor, Verb.MAIL_REACHABLE, user, because=because)


def _record(actor: User | None, verb: Verb, user: User, **data: Any) -> None:
    """An entry about a person; names and addresses stay out of it, so that a person can be erased."""
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind="user",
        subject_id=user.pk,
        subject_label=f"person {user.pk}",
        data=dict[str, Any](data),
    )
