"""A mail server for tests: keeps every accepted message, refuses or hangs up when told to, counts copies."""

import asyncio
import logging
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers import free_port


class Handler:
    """What the server does with a message: `rcpt` and `data` hold answers to give before the normal one."""

    def __init__(self, delay: float = 0.0) -> None:
        self.accepted: list[tuple[list[str], bytes]] = []
        self.rcpt: dict[str, list[str]] = {}
        self.data: list[str] = []
        self.drop_after: int = 0
        self.delay = delay

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Answer for one recipient."""
        waiting = self.rcpt.get(address) or self.rcpt.get("*")
        if waiting:
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the message, or answer as told."""
        if self.data:
            return self.data.pop(0)
        self.accepted.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        if self.delay:
            # After taking it and before saying so: the window in which a crash leads to a second copy.
            await asyncio.sleep(self.delay)
        if self.drop_after:
            self.drop_after -= 1
            server.transport.abort()
        return "250 kept"


class Sink:
    """The server and a readable view of what it accepted; a context manager."""

    def __init__(self, port: int = 0, delay: float = 0.0, handler: Handler | None = None) -> None:
        self.handler = handler or Handler(delay)
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._controller = Controller(self.handler, hostname="127.0.0.1", port=port or free_port())

    def __enter__(self) -> "Sink":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    @property
    def mails(self) -> list[EmailMessage]:
        """Accepted messages, parsed, in order."""
        found = [message_from_bytes(raw, policy=policy.default) for _, raw in self.handler.accepted]
        return [mail for mail in found if isinstance(mail, EmailMessage)]

    @property
    def subjects(self) -> list[str]:
        """Their subjects."""
        return [str(mail["Subject"]) for mail in self.mails]

    @property
    def copies(self) -> Counter[str]:
        """How often each Message-ID was accepted."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    def texts(self) -> list[str]:
        """The plain-text parts."""
        plain = (mail.get_body(("plain",)) for mail in self.mails)
        return ["" if part is None else part.get_content() for part in plain]
