"""What an administrator does to the engine by hand: pause it, let it run, release or discard what is held, try a
refused mail again, give one up.

Every write repeats the state it starts from as its condition, so that pressing twice, or two administrators at once,
do it once. Errors everywhere: NotAllowed.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.locks import locked
from core.text import shorten
from programs.domain.localtime import local_date
from reminders.domain.refusals import group_key
from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, EngineState, Mail, ProgramPlan
from reminders.policies import may_operate
from reminders.selectors.operations import ENGINE, refused_mails
from reminders.services.reach import lift


@transaction.atomic
def set_paused(*, actor: User, paused: bool) -> None:
    """Pause the engine or let it run again, and record who did; nothing is lost meanwhile, and twice is once."""
    may_operate(actor).require()
    EngineState.objects.get_or_create(pk=1)
    changes = {"paused": paused} if paused else {"paused": False, "restored_at": None}
    if EngineState.objects.filter(pk=1, paused=not paused).update(**changes):
        verb = Verb.ENGINE_PAUSED if paused else Verb.ENGINE_RESUMED
        activity.record(actor_id=actor.pk, verb=verb, subject_kind=ENGINE, subject_id=1, subject_label="Engine")


@transaction.atomic
def release_held(*, actor: User, program_id: int | None = None) -> int:
    """Let the held reminders of a program (or of all) go. Returns how many."""
    may_operate(actor).require()
    held = _held(program_id)
    ProgramPlan.objects.filter(pk__in=held.values("program_id")).update(dirty=True)
    mails = locked(Mail.objects.filter(state=State.HELD, pk__in=held.values("mail_id"))).order_by("pk")
    ids = list(mails.values_list("pk", flat=True))
    # A mail that left meanwhile with what another program had in it takes nothing more: these go into a new one.
    number = held.exclude(mail__in=ids).update(state=State.QUEUED, reason="", mail=None)
    number += held.update(state=State.QUEUED, reason="")
    Mail.objects.filter(pk__in=ids).update(state=State.QUEUED, not_before=clock.now(), attempts=0, reason="")
    return number


@transaction.atomic
def discard_held(*, actor: User, program_id: int | None = None) -> int:
    """Close the held reminders of a program (or of all) for good, with who did it. Returns how many."""
    may_operate(actor).require()
    held = _held(program_id)
    mails = list(held.filter(mail__isnull=False).values_list("mail_id", flat=True).distinct())
    reason = shorten(f"Discarded by {actor}", 300)
    # Expired, not cancelled: a cancelled reminder would come back with the next planning.
    number = held.update(state=State.EXPIRED, reason=reason)
    # A mail of several programs is still held while one of them is.
    kept = Delivery.objects.filter(mail__in=mails, state=State.HELD).values("mail_id")
    Mail.objects.filter(pk__in=mails, state=State.HELD).exclude(pk__in=kept).update(
        state=State.CANCELLED, reason=reason
    )
    return number


def _held(program_id: int | None) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(state=State.HELD)
    return rows if program_id is None else rows.filter(program_id=program_id)


def retry_mail(*, actor: User, mail_id: int) -> int:
    """Queue one refused mail again, with all its attempts. Returns 1, or 0 when it is not refused any more."""
    may_operate(actor).require()
    return _retry(actor, [mail_id])


def retry_alike(*, actor: User, key: str) -> int:
    """Queue all refused mails of a group again (`domain.refusals`). Returns how many."""
    may_operate(actor).require()
    return _retry(actor, _alike(key))


@transaction.atomic
def _retry(actor: User, mail_ids: Iterable[int]) -> int:
    """A reminder in it that makes no sense any more is closed with its reason when the mail's turn comes (P11).

    Trying again means that the addresses are believed to be good, so what was said against them is lifted.
    """
    dead = locked(Mail.objects.filter(pk__in=list(mail_ids), state=State.DEAD)).order_by("pk")
    ids = list(dead.values_list("pk", flat=True))
    for user in User.objects.filter(pk__in=dead.values("user"), no_mail_since__isnull=False):
        lift(actor=actor, user=user)
    # Bytes that a server may have accepted before go out unchanged (P2); all others are made from what holds then.
    seen = Attempt.objects.filter(mail__in=ids, outcome=Outcome.UNCERTAIN).values("mail_id")
    Mail.objects.filter(pk__in=ids).exclude(pk__in=seen).update(mime=None)
    Mail.objects.filter(pk__in=ids).update(
        state=State.QUEUED, not_before=clock.now(), attempts=0, reason="", buried_at=None
    )
    rows = Delivery.objects.filter(mail__in=ids, state=State.DEAD)
    rows.update(state=State.QUEUED, reason="", sent_on=None)
    return len(ids)


def give_up_mail(*, actor: User, mail_id: int) -> int:
    """Stop trying a mail for good, or put a refused one away. Returns 1, or 0 when neither can be done any more."""
    may_operate(actor).require()
    return _give_up(actor, [mail_id])


def give_up_alike(*, actor: User, key: str) -> int:
    """Put all refused mails of a group away; the ledger keeps them as refused. Returns how many."""
    may_operate(actor).require()
    return _give_up(actor, _alike(key))


@transaction.atomic
def _give_up(actor: User, mail_ids: Iterable[int]) -> int:
    """The mail becomes cancelled, with who did it; its reminders count as refused, so that none comes back."""
    open_ = Mail.objects.filter(pk__in=list(mail_ids), state__in=[State.DEAD, State.QUEUED])
    mails = list(locked(open_).select_related("user").defer("mime").order_by("pk"))
    now = clock.now()
    for mail in mails:
        why = mail.reason or mail.reply
        reason = shorten(f"Given up by {actor}" + (f"; before: {why}" if why else ""), 300)
        Mail.objects.filter(pk=mail.pk).update(state=State.CANCELLED, reason=reason, buried_at=now)
        rows = Delivery.objects.filter(mail=mail, state__in=[State.QUEUED, State.LEASED])
        rows.update(state=State.DEAD, reason=reason, sent_on=local_date(now, mail.user.time_zone))
    return len(mails)


def _alike(key: str) -> list[int]:
    """The refused mails of a group."""
    return [pk for pk, reason in refused_mails().values_list("pk", "reason") if group_key(reason) == key]
