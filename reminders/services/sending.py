"""Sends claimed mails: look again, render once, write the attempt, hand over, record the answer (rule 6, P2, P7).

Nothing is sent inside a transaction, and each mail stands on its own: a fault in one never holds up the next (P8).
"""

import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from core import clock
from reminders.defaults import limits
from reminders.models import EngineState, Mail
from reminders.services.claiming import claim
from reminders.services.freezing import Ready, freeze, still_whole
from reminders.services.outcomes import SendCount, give_back, open_circuit, record, start
from reminders.services.reach import note_refusal
from reminders.services.transport import Transport, sender_address

__all__ = ["SendCount", "circuit_is_open", "send_claimed"]


@dataclass(frozen=True)
class _Pass:
    """What one pass of sending carries along; `deadline` is on the monotonic clock."""

    transport: Transport
    now: datetime
    count: SendCount
    deadline: float


def send_claimed(now: datetime) -> SendCount:
    """Claim and send until nothing is due, the time is up or the server cannot be reached."""
    bounds = limits()
    with Transport() as transport:
        current = _Pass(transport, now, SendCount(), time.monotonic() + bounds.sending_seconds)
        while time.monotonic() < current.deadline and not circuit_is_open(now):
            mails = claim(now, bounds.mails_per_claim)
            if not mails:
                break
            _send_batch(mails, current)
    return current.count


def circuit_is_open(now: datetime) -> bool:
    """Whether the mail server was unreachable a moment ago, so that nobody needs to try."""
    return EngineState.objects.filter(circuit_until__gt=now).exists()


def _send_batch(mails: list[Mail], current: _Pass) -> None:
    """Send what of a claim still has a cause; what there is no time or no server for goes back untried."""
    # Two timeouts before the lease ends the rest is given back, so that no mail is ever under two leases.
    lease_ends = time.monotonic() + limits().lease_seconds - 2 * settings.EMAIL_TIMEOUT
    if _unreachable(current):
        give_back(mails, current.now)
        return
    ready = freeze(mails, current.now, current.count)
    for place, one in enumerate(ready):
        rest = [waiting.mail for waiting in ready[place:]]
        if time.monotonic() > min(current.deadline, lease_ends):
            give_back(rest, current.now)
            return
        if _unreachable(current):
            give_back(rest, current.now)
            return
        _send_one(one, current)


def _unreachable(current: _Pass) -> bool:
    reply = current.transport.connect()
    if reply is not None:
        open_circuit(current.now, reply.text)
    return reply is not None


def _send_one(ready: Ready, current: _Pass) -> None:
    """Hand over one mail and write down what the server said.

    What was cancelled since it was frozen is noticed here, right before the server is spoken to (P11).
    """
    mail = ready.mail
    if not still_whole(ready):
        give_back([mail], current.now)
        return
    attempt = start(mail, current.now)
    reply = current.transport.send(bytes(mail.mime or b""), sender_address(), mail.address)
    record(ready, attempt, reply, clock.now(), current.count)
    note_refusal(mail, reply, clock.now())
