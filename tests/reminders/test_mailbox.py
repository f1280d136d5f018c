"""The embedded mailbox keeps mail as people read it."""

import pytest
from django.core.mail import EmailMessage

from reminders.backends import MailboxBackend
from reminders.models import MailboxMessage


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (
            "=?utf-8?q?Overdue_by_4_working_days=3A_Known?= =?utf-8?q?_ways=E2=80=A6?=",
            "Overdue by 4 working days: Known ways…",
        ),
        ("Due tomorrow: Güney's check", "Due tomorrow: Güney's check"),
        ("Plain = and ? stay", "Plain = and ? stay"),
    ],
)
def test_subject_is_kept_decoded(sent: str, kept: str) -> None:
    MailboxBackend().send_messages([EmailMessage(sent, "text", "a@example.org", ["B@example.org"])])
    message = MailboxMessage.objects.get()
    assert (message.recipient, message.subject) == ("b@example.org", kept)
