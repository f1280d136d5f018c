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

    In the twin the button stands after the paragraph that names its address. Nothing else becomes a link, since a
    person may be called "evil.example". The subject is cleaned of control and bidirectional characters: one CR
    would make it unsendable.
    """
    title = one_line(subject)
    paragraphs = [one_line(part) for part in text.split("\n\n") if part.strip()]
    place = len(paragraphs)
    if action:
        place = next((n for n, part in enumerate(paragraphs, 1) if action.url in part), place)
        paragraphs = [_without(part, action.url) for part in paragraphs]
    context = {"subject": title, "paragraphs": paragraphs, "action": action, "place": place}
    message = EmailMultiAlternatives(
        title, text.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [to], headers=dict(HEADERS)
    )
    message.attach_alternative(render_to_string("mail/accounts/letter.html", context), "text/html")
    return message


def _without(paragraph: str, url: str) -> str:
    """Take the address out of "Do it here: address", where a button will stand instead."""
    return paragraph.replace(f": {url}", ".") if url in paragraph else paragraph


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
