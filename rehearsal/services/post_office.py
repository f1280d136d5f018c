"""A mail server of our own on loopback: takes every mail a rehearsal sends, for real SMTP, and keeps it."""

import logging
from datetime import datetime
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller

from core import clock


class PostOffice:
    """The server; a context manager. `taken` holds (instant on the moved clock, raw message) in order of arrival."""

    def __init__(self, port: int) -> None:
        self.taken: list[tuple[datetime, bytes]] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    def __enter__(self) -> "PostOffice":
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Accept a message."""
        self.taken.append((clock.now(), bytes(envelope.content)))
        return "250 taken"

    def collect(self) -> list[tuple[datetime, bytes]]:
        """Everything taken since the last call."""
        taken, self.taken = self.taken, []
        return taken
