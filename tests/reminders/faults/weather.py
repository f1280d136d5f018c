"""A mail server with bad days: answers 421, 451 and 550, hangs, and cuts the line after it has taken a mail.

What it does to whom is drawn from a seeded generator, so a run can be repeated. Its own list of accepted mails stays
the only truth about what left.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from tests.reminders.sink import Handler, Sink

HANG_SECONDS = 25
"""Longer than the application waits for a server."""


@dataclass
class Weather:
    """How often each thing happens (0 to 1), and how often it did. `refused` are addresses nobody has.

    Nobody is put off more than `most_for_one` times: each wait is twice the last, and the fourth would take a quarter
    of an hour.
    """

    busy: float = 0.0
    later: float = 0.0
    cut: float = 0.0
    hang: float = 0.0
    most_hangs: int = 3
    most_for_one: int = 3
    refused: frozenset[str] = frozenset()
    happened: dict[str, int] = field(default_factory=dict)

    def note(self, what: str) -> None:
        """Count one bad answer."""
        self.happened[what] = self.happened.get(what, 0) + 1


class Moody(Handler):
    """A server that follows the weather; with none it is the plain one."""

    def __init__(self, weather: Weather, seed: int, delay: float) -> None:
        super().__init__(delay)
        self.weather = weather
        self._random = random.Random(seed)
        self._put_off: Counter[str] = Counter()
        self.cut_ids: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Refuse for good, ask to come back, or take the address."""
        weather = self.weather
        if address in weather.refused:
            weather.note("550")
            return "550 5.1.1 no such person"
        busy, later = (self._random.random() < share for share in (weather.busy, weather.later))
        if (busy or later) and self._put_off[address] < weather.most_for_one:
            self._put_off[address] += 1
            weather.note("421" if busy else "451")
            return "421 4.3.2 too busy, closing" if busy else "451 4.7.1 try again later"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take the mail; then say nothing for too long, or hang up without a word."""
        weather = self.weather
        hangs = self._random.random() < weather.hang and weather.happened.get("hang", 0) < weather.most_hangs
        if hangs and self._put_off[envelope.rcpt_tos[0]] < weather.most_for_one:
            self._put_off[envelope.rcpt_tos[0]] += 1
            weather.note("hang")
            await asyncio.sleep(HANG_SECONDS)
            return "451 4.4.2 where was I"
        answer = await super().handle_DATA(server, session, envelope)
        if self._random.random() < weather.cut and self._put_off[envelope.rcpt_tos[0]] < weather.most_for_one:
            self._put_off[envelope.rcpt_tos[0]] += 1
            weather.note("cut after DATA")
            self.cut_ids.append(str(message_from_bytes(envelope.content)["Message-ID"]))
            server.transport.abort()
        return answer


def sink(weather: Weather | None = None, *, seed: int = 90, delay: float = 0.02) -> Sink:
    """A server with this weather, not yet started."""
    made = Sink(handler=Moody(weather or Weather(), seed, delay))
    return made
