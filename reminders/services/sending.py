"""Sends claimed mails: look again, render once, write the attempt, hand over, record the answer (rule 6, P2, P7).

Nothing is sent inside a transaction, and each mail stands on its own: a fault in one never holds up the next (P8).
One mail at a time is on its way, so a crash leads to one extra copy at most. While the server makes up its mind the
next mail is claimed and made; and since nothing else happens in between, one commit holds the answer to a mail and the
start of the next.
"""

import logging
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from core import clock
from reminders.defaults import limits
from reminders.enums import Outcome
from reminders.models import Attempt, EngineState
from reminders.services.claiming import claim
from reminders.services.freezing import Ready, freeze_each, make
from reminders.services.outcomes import SendCount, give_back, open_circuit, record
from reminders.services.reach import note_refusal
from reminders.services.transport import Transport, sender_address
from reminders.services.turns import Answered, begin, turn

__all__ = ["SendCount", "circuit_is_open", "send_claimed"]

_log = logging.getLogger(__name__)


@dataclass
class _Pass:
    """What one pass of sending carries along. Instants are on the monotonic clock.

    Nothing is claimed after `deadline`; nothing that is claimed begins after `until`.
    """

    transport: Transport
    now: datetime
    count: SendCount
    deadline: float
    until: float


def send_claimed(now: datetime) -> SendCount:
    """Claim and send until nothing is due, the time is up or the server cannot be reached."""
    deadline = time.monotonic() + limits().sending_seconds
    with Transport() as transport:
        current = _Pass(transport, now, SendCount(), deadline, deadline)
        _send_all((), current)
    return current.count


def circuit_is_open(now: datetime) -> bool:
    """Whether the mail server was unreachable a moment ago, so that nobody needs to try."""
    return EngineState.objects.filter(circuit_until__gt=now).exists()


def _claimed(current: _Pass) -> list[Ready]:
    """The next claim, as far as it still has a cause; empty when nothing is due, or there is no time or no server."""
    while time.monotonic() < current.deadline and not circuit_is_open(current.now):
        # Two timeouts before the lease ends the rest is given back, so that no mail is ever under two leases.
        lease_ends = time.monotonic() + limits().lease_seconds - 2 * settings.EMAIL_TIMEOUT
        mails = claim(current.now, limits().mails_per_claim)
        if not mails:
            break
        if _unreachable(current):
            give_back(mails, current.now)
            break
        if ready := freeze_each(mails, current.now, current.count):
            current.until = min(current.deadline, lease_ends)
            return ready
    return []


def _send_all(ready: Iterable[Ready], current: _Pass) -> None:
    """Hand over one mail after the other, `ready` and what can be claimed, and write down every answer."""
    waiting = deque(ready)
    last: Answered | None = None
    one = _made(waiting, current)
    while one is not None:
        if time.monotonic() > current.until or _unreachable(current):
            break
        attempt, last = _turn(last, one, current), None
        if attempt is None:
            give_back([one.mail], current.now)
            one = _made(waiting, current)
            continue
        mail = one.mail
        current.transport.begin(bytes(mail.mime or b""), sender_address(), mail.address)
        try:
            following = _made(waiting, current)
        except Exception:
            _note(_answered(one, attempt, current), current)
            raise
        last = _answered(one, attempt, current)
        if last.reply.outcome != Outcome.ACCEPTED:  # rare, and more than one row may follow from it
            _note(last, current)
            last = None
        one = following
    if last is not None:
        _note(last, current)
    if one is not None:
        give_back([one.mail, *(other.mail for other in waiting)], current.now)


def _made(waiting: "deque[Ready]", current: _Pass) -> Ready | None:
    """The next mail with its bytes, claimed while the server is busy with the one before; None when there is none."""
    while True:
        if not waiting:
            waiting.extend(_claimed(current))
        if not waiting:
            return None
        if one := make(waiting.popleft(), current.now, current.count):
            return one


def _unreachable(current: _Pass) -> bool:
    reply = current.transport.connect()
    if reply is not None:
        open_circuit(current.now, reply.text)
    return reply is not None


def _turn(last: Answered | None, one: Ready, current: _Pass) -> Attempt | None:
    """Write down the last answer and that the next mail is about to leave, in one commit; None when it must not.

    When that fails each is written by itself: what a server has taken is recorded whatever happens.
    """
    if last is not None:
        try:
            return turn(last, one, current.now, current.count)
        except Exception:
            _log.warning("mail %s is recorded by itself", last.ready.mail.key, exc_info=True)
        _note(last, current)
    return begin(one, current.now)


def _answered(one: Ready, attempt: Attempt, current: _Pass) -> Answered:
    reply = current.transport.finish()
    return Answered(one, attempt, reply, clock.now())


def _note(last: Answered, current: _Pass) -> None:
    """Write down an answer by itself, and what it says about an address."""
    record(last.ready, last.attempt, last.reply, last.at, current.count)
    note_refusal(last.ready.mail, last.reply, last.at)
