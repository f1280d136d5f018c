"""A mail server that takes everything and keeps nothing, in a process of its own: `python -m bench.sink PORT [MS]`.

With MS it says yes that many milliseconds after the last byte, as servers do that write a mail down first; without, at
once: then one plain sender keeps it busy, and what is measured is how much of two cores each side needs.
"""

import asyncio
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Accepts every message, `wait` seconds after its last byte."""

    def __init__(self, wait: float) -> None:
        self.wait = wait

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Say yes (the name is aiosmtpd's)."""
        if self.wait:
            await asyncio.sleep(self.wait)
        return "250 taken"


def _wait() -> float:
    return int(sys.argv[2]) / 1000 if len(sys.argv) > 2 else 0.0


if __name__ == "__main__":
    controller = Controller(Sink(_wait()), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    print("ready", flush=True)
    threading.Event().wait()
