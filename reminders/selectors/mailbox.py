"""Reads the application's own mailbox: who may see which mail, and its parts as text. Must not write."""

from dataclasses import dataclass
from email import message_from_bytes, policy

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from reminders.models import MailboxMessage


@dataclass(frozen=True)
class ReadMail:
    """One kept mail as people read it: headers in order, and the plain text."""

    message: MailboxMessage
    headers: tuple[tuple[str, str], ...]
    text: str


SHOWN = ("From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted", "List-Id")


def mailbox_of(actor: User) -> QuerySet[MailboxMessage]:
    """Kept mails the actor may read, newest first: their own, or all for an administrator."""
    rows = MailboxMessage.objects.defer("raw").order_by("-pk")
    return rows if actor.is_administrator else rows.filter(recipient=actor.email.lower())


def read_mail(actor: User, message_id: int) -> ReadMail:
    """One kept mail, taken apart. Errors: Http404 also when it is addressed to somebody else."""
    message = mailbox_of(actor).defer(None).filter(pk=message_id).first()
    if message is None:
        raise Http404("No such mail")
    parsed = message_from_bytes(bytes(message.raw), policy=policy.default)
    part = parsed.get_body(preferencelist=("plain", "html"))
    text = str(part.get_content()) if part is not None else ""
    headers = tuple((name, str(parsed[name])) for name in SHOWN if parsed[name])
    return ReadMail(message, headers, text.strip())
