"""Hands finished bytes to the mail server and says how that ended, in the five ways the engine tells apart.

Must not know what is in a mail or touch the database.
"""

import re
import smtplib
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.encoding import punycode

from core.text import one_line
from reminders.domain.explaining import KEPT
from reminders.enums import Outcome

TOO_MANY = 421
"""The server closes the connection and asks to come back."""

GO_ON = 354
"""What a server says to DATA when it waits for the bytes."""

BAD_ADDRESS = 553
"""What servers answer to a recipient's address that is no address."""


@dataclass(frozen=True)
class Reply:
    """What the server said: the outcome and its words; `at_recipient` when it said so to the recipient's address."""

    outcome: Outcome
    text: str
    at_recipient: bool = False


class FrozenMessage(EmailMessage):
    """A message whose bytes are fixed; lets any Django backend carry them unchanged."""

    def __init__(self, raw: bytes, sender: str, to: str) -> None:
        super().__init__(from_email=sender, to=[to])
        self.raw = raw
        self.subject = str(self.message()["Subject"])

    def message(self, **_: Any) -> Message:  # type: ignore[override]  # the frozen bytes stand in for Django's own class
        """The parsed message (in-memory backends look at its headers)."""
        return message_from_bytes(self.raw)


class Transport:
    """One connection to the mail server, opened when first needed and kept for a batch; a context manager."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._open = False
        self._answer: Reply | None = None

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def connect(self) -> Reply | None:
        """Open the connection unless it is open. Returns None when it stands, else why it does not."""
        if self._open:
            return None
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(Outcome.UNREACHABLE, _words(error))
        self._open = True
        return None

    def close(self) -> None:
        """Hang up; errors while doing so say nothing about any mail."""
        self._open = False
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            # Forget the socket: Django would take it for an open connection otherwise.
            self._backend.connection = None

    def begin(self, raw: bytes, sender: str, to: str) -> None:
        """Hand over one mail without waiting for the last answer; `finish` must follow before the next one.

        Never raises for what a server does; closes the connection when it is unusable.
        """
        if isinstance(self._backend, EmailBackend):
            self._answer = self._hand_over(self._backend.connection, raw, sender, to)
        else:
            self._backend.send_messages([FrozenMessage(raw, sender, to)])
            self._answer = Reply(Outcome.ACCEPTED, KEPT)

    def finish(self) -> Reply:
        """Wait for the answer to what `begin` handed over. Raises as little as that."""
        answer, self._answer = self._answer, None
        return answer if answer is not None else self._read_answer(self._backend.connection)

    def _hand_over(self, server: Any, raw: bytes, sender: str, to: str) -> Reply | None:
        """MAIL, RCPT, DATA by hand: only so can a lost connection before and after the bytes be told apart.

        None when all bytes are on their way and the server has yet to say what becomes of them.
        """
        handed_over = False
        try:
            server.ehlo_or_helo_if_needed()
            code, text = server.mail(sender)
            if code != 250:
                return self._refused(server, code, text)
            code, text = server.rcpt(_as_recipient(to))
            if code not in (250, 251):
                return self._refused(server, code, text, at_recipient=True)
            handed_over = True
            code, text = server.docmd("DATA")
            if code != GO_ON:
                return self._refused(server, code, text)
            server.send(_as_data(raw))
            return None
        except smtplib.SMTPResponseException as error:
            return self._refused(server, error.smtp_code, error.smtp_error)
        except UnicodeError as error:  # an address that no server can be told
            return self._refused(server, BAD_ADDRESS, _words(error), at_recipient=True)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(Outcome.UNCERTAIN if handed_over else Outcome.UNREACHABLE, _words(error))

    def _read_answer(self, server: Any) -> Reply:
        try:
            code, text = server.getreply()
        except smtplib.SMTPResponseException as error:
            return self._refused(server, error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(Outcome.UNCERTAIN, _words(error))
        if code != 250:
            return self._refused(server, code, text)
        return Reply(Outcome.ACCEPTED, _said(code, text))

    def _refused(self, server: Any, code: int, text: bytes | str, *, at_recipient: bool = False) -> Reply:
        if code == TOO_MANY or code < 0:
            self.close()
        else:
            try:
                server.rset()
            except (OSError, smtplib.SMTPException):
                self.close()
        kind = Outcome.PERMANENT if 500 <= code < 600 else Outcome.TEMPORARY
        return Reply(kind, _said(code, text), at_recipient)


def sender_address() -> str:
    """The envelope sender: the bare address of the installation's fixed From."""
    return settings.DEFAULT_FROM_EMAIL.rsplit("<", 1)[-1].rstrip(">").strip()


def _as_recipient(address: str) -> str:
    """The address as every server understands it: an international domain in its ASCII form (RFC 5890)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{punycode(domain)}"


def _as_data(raw: bytes) -> bytes:
    """The bytes as they travel: a dot at the beginning of a line doubled, a lone dot at the end (RFC 5321, 4.5.2)."""
    doubled = re.sub(rb"(?m)^\.", b"..", raw) if raw.startswith(b".") or b"\n." in raw else raw
    return doubled + (b".\r\n" if doubled.endswith(b"\r\n") else b"\r\n.\r\n")


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return one_line(f"{code} {words}")[:500]


def _words(error: BaseException) -> str:
    return one_line(f"{type(error).__name__}: {error}")[:300]
