"""What follows from a server's answer, or from its silence: sent, tried again later, given back, buried (rule 6, P7).

Every write to a mail is fenced by the claim. Must not render or speak to a mail server.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Q, QuerySet

from core.text import one_line, shorten
from programs.domain.localtime import local_date
from reminders.defaults import limits
from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, EngineState, Mail
from reminders.services.outbox import growing_wait, settle
from reminders.services.transport import Reply


@dataclass
class SendCount:
    """What became of mails in one pass."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    cancelled: int = 0


class Handed(Protocol):
    """A mail that was handed over, and the ids of the reminders in it."""

    @property
    def mail(self) -> Mail: ...
    @property
    def rows(self) -> tuple[int, ...]: ...


@transaction.atomic(savepoint=False)
def start(mail: Mail, now: datetime, *, repeated: bool) -> Attempt:
    """Write that a server is about to be spoken to, and with which bytes; committed before it is (P2).

    Bytes that are `repeated` stand already.
    """
    if not repeated:
        ours = Mail.objects.filter(pk=mail.pk, claim=mail.claim, state=State.LEASED)
        ours.update(subject=mail.subject, mime=mail.mime, address=mail.address)
    return Attempt.objects.create(mail=mail, number=mail.attempts, started_at=now)


@transaction.atomic(savepoint=False)
def record(handed: Handed, attempt: Attempt, reply: Reply, at: datetime, count: SendCount) -> None:
    """Write down the server's answer and what follows from it."""
    mail = handed.mail
    Attempt.objects.filter(pk=attempt.pk).update(outcome=reply.outcome, reply=reply.text, ended_at=at)
    match reply.outcome:
        case Outcome.ACCEPTED:
            settle(mail, state=State.SENT, reply=reply.text, sent_at=at, reason="")
            # Whatever has happened to them meanwhile: what was in the mail has left.
            _close(Delivery.objects.filter(Q(mail=mail) | Q(pk__in=handed.rows)), mail, State.SENT, "", at)
            count.sent += 1
        case Outcome.PERMANENT:
            bury(mail, at, f"The server refused it for good: {reply.text}", reply.text)
            count.failed += 1
        case Outcome.UNREACHABLE:
            open_circuit(at, reply.text)
            give_back([mail], at)
            count.retried += 1
        case _:
            _retry(mail, reply, at, count)


def _retry(mail: Mail, reply: Reply, at: datetime, count: SendCount) -> None:
    """Wait longer each time; give up after the last attempt. Only an uncertain end keeps the bytes (P2)."""
    bounds = limits()
    if mail.attempts >= bounds.attempts:
        bury(mail, at, f"Given up after {mail.attempts} attempts: {reply.text}", reply.text)
        count.failed += 1
        return
    count.retried += 1
    _requeue([mail], reply=reply.text, not_before=at + growing_wait(mail.attempts, mail.key))


def give_back(mails: Iterable[Mail], at: datetime) -> None:
    """Queue mails again without using up an attempt: no server was asked about them."""
    until = EngineState.objects.filter(pk=1).values_list("circuit_until", flat=True).first()
    for mail in mails:
        _requeue([mail], attempts=max(0, mail.attempts - 1), not_before=max(at, until or at))


@transaction.atomic
def _requeue(mails: list[Mail], **changes: object) -> None:
    """Queue mails again. Bytes that no server can have seen are dropped: the next try is made from what holds then."""
    for mail in mails:
        if Attempt.objects.filter(mail=mail, outcome=Outcome.UNCERTAIN).exists():
            settle(mail, state=State.QUEUED, **changes)
        elif settle(mail, state=State.QUEUED, mime=None, **changes):
            Delivery.objects.filter(mail=mail, state=State.LEASED).update(state=State.QUEUED)


def bury(mail: Mail, at: datetime, reason: str, reply: str = "") -> None:
    """A final no: kept with its reason, shown in the ledger, never tried again."""
    reason = shorten(one_line(reason), 300)
    if settle(mail, state=State.DEAD, reason=reason, reply=reply, buried_at=at):
        open_ = Delivery.objects.filter(mail=mail, state__in=[State.LEASED, State.QUEUED])
        _close(open_, mail, State.DEAD, reason, at)


def _close(rows: QuerySet[Delivery], mail: Mail, state: State, reason: str, at: datetime) -> None:
    rows.update(state=state, reason=reason, mail=mail, sent_on=local_date(at, mail.user.time_zone))


def open_circuit(at: datetime, reason: str) -> None:
    """Stop trying for a while, longer each time; the first mail that gets through closes it again."""
    bounds = limits()
    state = EngineState.objects.get_or_create(pk=1)[0]
    wait = min(bounds.circuit_first_seconds * 2 ** min(state.circuit_failures, 10), bounds.circuit_longest_seconds)
    EngineState.objects.filter(pk=1).update(
        circuit_until=at + timedelta(seconds=wait),
        circuit_failures=state.circuit_failures + 1,
        circuit_reason=shorten(reason, 300),
    )


def close_circuit() -> None:
    """A server answered: forget its absence."""
    EngineState.objects.filter(pk=1, circuit_failures__gt=0).update(
        circuit_until=None, circuit_failures=0, circuit_reason=""
    )
