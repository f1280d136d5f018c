"""Sends claimed mails: look again, render once, write the attempt, hand over, record the answer (rule 6, P2, P7).

Nothing is sent inside a transaction, and each mail stands on its own: a fault in one never holds up the next (P8).
"""

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from core import clock
from core.locks import locked
from core.text import one_line, shorten
from programs.domain.localtime import local_date
from reminders.defaults import limits
from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, EngineState, Mail
from reminders.services.claiming import claim, held_by_us, settle
from reminders.services.lookups import Lookups
from reminders.services.rendering import render
from reminders.services.transport import Reply, Transport, sender_address

_log = logging.getLogger(__name__)

NOTHING_LEFT = "Nothing in it had a cause any more"


@dataclass
class SendCount:
    """What became of mails in one pass."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    cancelled: int = 0


def send_claimed(now: datetime) -> SendCount:
    """Claim and send until nothing is due, the time is up or the server cannot be reached.

    Stops early enough that no lease runs out while a slow server is being waited for.
    """
    bounds, count = limits(), SendCount()
    deadline = time.monotonic() + bounds.sending_seconds
    with Transport() as transport:
        while time.monotonic() < deadline and not circuit_is_open(now):
            mails = claim(now, bounds.mails_per_claim)
            if not mails:
                break
            _send_batch(mails, transport, now, count)
    return count


def circuit_is_open(now: datetime) -> bool:
    """Whether the mail server was unreachable a moment ago, so that nobody needs to try."""
    return EngineState.objects.filter(circuit_until__gt=now).exists()


def _send_batch(mails: list[Mail], transport: Transport, now: datetime, count: SendCount) -> None:
    rows = list(Delivery.objects.filter(mail__in=mails).select_related("program", "user").order_by("urgency", "pk"))
    known = Lookups(rows)
    for place, mail in enumerate(mails):
        unreachable = transport.connect()
        if unreachable is not None:
            _open_circuit(now, unreachable.text)
            for waiting in mails[place:]:
                _give_back(waiting, now, unreachable.text)
            return
        _send_one(mail, [row for row in rows if row.mail_id == mail.pk], known, transport, now, count)


def _send_one(
    mail: Mail, rows: list[Delivery], known: Lookups, transport: Transport, now: datetime, count: SendCount
) -> None:
    """One mail from claim to record.

    What cannot be made or spelled is final at once. A lost database connection is not the mail's fault: it is
    raised, the lease runs out, and the mail is taken up again.
    """
    try:
        attempt = _freeze(mail, rows, known, now, count)
        if attempt is None:
            return
        reply = transport.send(bytes(mail.mime or b""), sender_address(), mail.address)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _log.exception("mail %s cannot be made", mail.key)
        _bury(mail, now, f"Could not be made: {type(error).__name__}: {error}")
        count.failed += 1
        return
    _record(mail, attempt, reply, clock.now(), count)


@transaction.atomic
def _freeze(mail: Mail, rows: list[Delivery], known: Lookups, now: datetime, count: SendCount) -> Attempt | None:
    """Fix what the mail says and write the attempt, in one commit before the server is spoken to.

    Bytes that a server may have accepted before are sent again unchanged; otherwise the mail is made from what
    still holds. Returns None when nothing is left to say or our claim is gone.
    """
    if not held_by_us(mail):
        return None
    if mail.attempts > limits().attempts:
        _bury(mail, now, f"Given up: its worker died {mail.attempts - 1} times")
        count.failed += 1
        return None
    kept = _still_holding(mail, rows, known, now)
    if not kept:
        settle(mail, state=State.CANCELLED, reason=NOTHING_LEFT)
        count.cancelled += 1
        return None
    if mail.mime is None:
        mail.address = mail.user.email
        mail.subject, mail.mime = render(mail, kept, now, known)
        Mail.objects.filter(pk=mail.pk).update(subject=mail.subject, mime=mail.mime, address=mail.address)
    return Attempt.objects.create(mail=mail, number=mail.attempts, started_at=now)


def _still_holding(mail: Mail, rows: list[Delivery], known: Lookups, now: datetime) -> list[Delivery]:
    """Mark what goes out as being sent; close the rest with its reason.

    The rows are read and locked here: what was cancelled a moment ago, after the batch was loaded, is left out.
    """
    state = State.QUEUED if mail.mime is None else State.LEASED
    waiting = locked(Delivery.objects.filter(pk__in=[row.pk for row in rows], state=state)).order_by("pk")
    open_ = set(waiting.values_list("pk", flat=True))
    kept: list[Delivery] = []
    for row in rows:
        if row.pk not in open_:
            continue
        why = known.why_not(row, now)
        if why:
            state_now = State.EXPIRED if row.expires_at <= now else State.CANCELLED
            why = f"{why} (a first copy may have left)" if mail.mime is not None else why
            Delivery.objects.filter(pk=row.pk).update(state=state_now, reason=why)
        else:
            kept.append(row)
    Delivery.objects.filter(pk__in=[row.pk for row in kept]).update(state=State.LEASED)
    return kept


@transaction.atomic
def _record(mail: Mail, attempt: Attempt, reply: Reply, at: datetime, count: SendCount) -> None:
    """Write down the server's answer and what follows from it."""
    Attempt.objects.filter(pk=attempt.pk).update(outcome=reply.outcome, reply=reply.text, ended_at=at)
    match reply.outcome:
        case Outcome.ACCEPTED:
            if settle(mail, state=State.SENT, reply=reply.text, sent_at=at, reason=""):
                _settle_rows(mail, State.SENT, "", at)
            count.sent += 1
        case Outcome.PERMANENT:
            _bury(mail, at, f"The server refused it for good: {reply.text}", reply.text)
            count.failed += 1
        case Outcome.UNREACHABLE:
            _open_circuit(at, reply.text)
            _give_back(mail, at, reply.text)
            count.retried += 1
        case _:
            _retry(mail, reply, at, count)


def _retry(mail: Mail, reply: Reply, at: datetime, count: SendCount) -> None:
    """Wait longer each time; give up after the last attempt. Only an uncertain end keeps the bytes (P2)."""
    bounds = limits()
    if mail.attempts >= bounds.attempts:
        _bury(mail, at, f"Given up after {mail.attempts} attempts: {reply.text}", reply.text)
        count.failed += 1
        return
    count.retried += 1
    wait = min(bounds.retry_first_seconds * 2 ** (mail.attempts - 1), bounds.retry_longest_seconds)
    changes: dict[str, object] = {
        "state": State.QUEUED,
        "reply": reply.text,
        "not_before": at + timedelta(seconds=wait * _jitter(mail)),
    }
    uncertain = reply.outcome is Outcome.UNCERTAIN or _may_have_left(mail)
    if settle(mail, **changes, **({} if uncertain else {"mime": None})) and not uncertain:
        Delivery.objects.filter(mail=mail, state=State.LEASED).update(state=State.QUEUED)


def _may_have_left(mail: Mail) -> bool:
    return Attempt.objects.filter(mail=mail, outcome=Outcome.UNCERTAIN).exists()


def _jitter(mail: Mail) -> float:
    """Between 1.0 and 1.5, spread over mails and attempts but the same on every machine."""
    return 1 + hashlib.sha256(f"{mail.key}|{mail.attempts}".encode()).digest()[0] / 512


def _bury(mail: Mail, at: datetime, reason: str, reply: str = "") -> None:
    """A final no: kept with its reason, shown in the ledger, never tried again."""
    reason = shorten(one_line(reason), 300)
    if settle(mail, state=State.DEAD, reason=reason, reply=reply):
        _settle_rows(mail, State.DEAD, reason, at)


def _settle_rows(mail: Mail, state: State, reason: str, at: datetime) -> None:
    on = local_date(at, mail.user.time_zone)
    states = [State.LEASED, State.QUEUED] if state == State.DEAD else [State.LEASED]
    going = Delivery.objects.filter(mail=mail, state__in=states)
    going.update(state=state, reason=reason, sent_on=on)


def _give_back(mail: Mail, at: datetime, reply: str) -> None:
    """Queue a mail again without using up an attempt: the server was never asked about it."""
    until = EngineState.objects.filter(pk=1).values_list("circuit_until", flat=True).first() or at
    changes: dict[str, object] = {"state": State.QUEUED, "reply": reply, "not_before": until}
    if not _may_have_left(mail):
        changes["mime"] = None
        Delivery.objects.filter(mail=mail, state=State.LEASED).update(state=State.QUEUED)
    settle(mail, attempts=max(0, mail.attempts - 1), **changes)


def _open_circuit(at: datetime, reason: str) -> None:
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
