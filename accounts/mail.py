"""Mails about accounts: built as plain text with an HTML twin, sent after the commit, failing visibly.

Reminders have their own outbox; these few letters answer a press on a button, so the person who pressed is told when
the mail server refuses. Must not be called to send inside a transaction, and must not decide who gets what.
"""

import logging
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from core.text import one_line

_log = logging.getLogger(__name__)

# People must not be able to answer a machine with a machine (RFC 3834).
HEADERS = {"Auto-Submitted": "auto-generated"}


@dataclass
class Delivery:
    """What became of a letter; `error` stays empty when the mail server took it."""

    error: str = ""


@dataclass(frozen=True)
class Action:
    """The one thing a letter asks for: the words on the button and where it leads."""

    label: str
    url: str


def letter(to: str, subject: str, text: str, action: Action | None = None) -> EmailMultiAlternatives:
    """Build a letter: `text` is plain, paragraphs split by blank lines; the HTML twin is made from it.

    The subject is cleaned of control and bidirectional characters, since one CR would make it unsendable.
    """
    paragraphs = [" ".join(part.split("\n")) for part in text.strip().split("\n\n") if part.strip()]
    if action:
        paragraphs = [part for part in paragraphs if action.url not in part]
    plain = text.strip() + "\n"
    message = EmailMultiAlternatives(one_line(subject), plain, settings.DEFAULT_FROM_EMAIL, [to], headers=dict(HEADERS))
    html = render_to_string(
        "mail/accounts/letter.html", {"subject": one_line(subject), "paragraphs": paragraphs, "action": action}
    )
    message.attach_alternative(html, "text/html")
    return message


def send_after_commit(message: EmailMessage) -> Delivery:
    """Hand `message` to the mail backend once the surrounding transaction has committed (at once outside one).

    Returns a `Delivery` that is filled in when that has happened. A refusal is logged and told, never raised: what
    was saved stays saved.
    """
    delivery = Delivery()

    def send() -> None:
        try:
            message.send()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            _log.exception("an account mail could not be sent")
            delivery.error = one_line(str(error)) or type(error).__name__

    transaction.on_commit(send)
    return delivery
