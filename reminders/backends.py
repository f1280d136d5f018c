"""Keeps mail inside the application while no mail server is set: the embedded mode's own mailbox.

A Django mail backend, so that invitations, password resets and reminders all arrive in the same place. Must not be
used together with a mail server.
"""

from collections.abc import Sequence
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from core import clock
from core.text import one_line
from reminders.models import MailboxMessage


class MailboxBackend(BaseEmailBackend):
    """Stores each message once per recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; returns how many. Side effect: rows in the mailbox, visible to their recipients."""
        for message in email_messages:
            MailboxMessage.objects.bulk_create(_rows(message))
        return len(email_messages)


def _rows(message: EmailMessage) -> list[MailboxMessage]:
    content: Any = message.message()
    raw = getattr(message, "raw", None) or content.as_bytes(linesep="\r\n")
    addresses = [address for _, address in getaddresses([str(to) for to in message.recipients()])]
    return [
        MailboxMessage(
            recipient=address.lower(),
            sender=one_line(str(message.from_email))[:254],
            subject=_subject(str(message.subject)),
            message_id=one_line(str(content["Message-ID"] or ""))[:200],
            raw=raw,
            received_at=clock.now(),
        )
        for address in addresses
    ]


def _subject(text: str) -> str:
    """The subject as people read it: a frozen mail carries it in its encoded form (RFC 2047)."""
    return one_line(str(make_header(decode_header(text))))[:400]
