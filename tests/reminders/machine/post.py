"""The mail server of the machine, and deaths: what left, when, under whose lease, and every rule broken by that."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from core import clock
from reminders.enums import Outcome
from reminders.models import Delivery, Mail
from reminders.services import composing, freezing, planning, sending, ticking, turns
from reminders.services.transport import Reply

POINTS = ("plan", "compose", "claim", "freeze", "start-open", "start", "server", "accepted", "record")
"""Where a worker can die: what was committed before stays, what was open is rolled back."""
ANSWERS = {
    "ok": Reply(Outcome.ACCEPTED, "250 kept"),
    "later": Reply(Outcome.TEMPORARY, "451 later"),
    "never": Reply(Outcome.PERMANENT, "550 no such person"),
    "cut before": Reply(Outcome.UNREACHABLE, "cut before the bytes"),
    "cut after": Reply(Outcome.UNCERTAIN, "cut after the bytes"),
}


class Death(BaseException):
    """A worker is gone, as by SIGKILL: nothing in it runs any more, and no handler may catch this."""


@dataclass(frozen=True)
class Letter:
    """One copy that the server took: the instant, the address, the reminders in it by key."""

    message_id: str
    at: dt.datetime
    to: str
    keys: tuple[str, ...]


@dataclass
class Post:
    """The server. `on_arrival` is asked about each copy it takes and about the rows in it."""

    on_arrival: Callable[[Letter, list[Delivery]], None]
    taken: list[Letter] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    down: bool = False
    dies_at: str = ""
    windows: Counter[str] = field(default_factory=Counter)
    """By Message-ID: how often a worker was lost between handing over and recording."""
    unrecorded: str = ""
    """The Message-ID that was taken last, until the worker has committed what it was told."""
    answer: Reply | None = None

    # The transport's interface.
    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def connect(self) -> Reply | None:
        """Answer, or not."""
        return Reply(Outcome.UNREACHABLE, "connection refused") if self.down else None

    def send(self, raw: bytes, sender: str, to: str) -> Reply:
        """Take a mail, refuse it, hang up; or see the worker die before or after it is taken."""
        found = re.search(rb"^Message-ID: (\S+)", raw, re.MULTILINE)
        assert found is not None
        message_id = found.group(1).decode()
        self.dies("server")
        answer = self.answers[to].pop(0) if self.answers[to] else "ok"
        if answer in ("ok", "cut after"):
            rows = list(Delivery.objects.filter(mail__message_id=message_id, state="leased"))
            letter = Letter(message_id, clock.now(), to, tuple(row.key for row in rows))
            self.taken.append(letter)
            self.on_arrival(letter, rows)
        if answer == "cut after":
            self.windows[message_id] += 1
        if self.dies_at == "accepted":
            self.windows[message_id] += 1
        self.dies("accepted")
        return ANSWERS[answer]

    def begin(self, raw: bytes, sender: str, to: str) -> None:
        """The same in two halves: the mail is taken, and the answer is on its way."""
        self.answer = self.send(raw, sender, to)
        self.unrecorded = self.taken[-1].message_id if self.answer.outcome == Outcome.ACCEPTED else ""

    def finish(self) -> Reply:
        """The answer."""
        assert self.answer is not None
        return self.answer

    def recorded(self) -> None:
        """The worker has committed the answer."""
        self.unrecorded = ""

    def dies(self, point: str) -> None:
        """End the worker here when it is told to die here."""
        if self.dies_at == point:
            self.dies_at = ""
            if self.unrecorded:
                self.windows[self.unrecorded] += 1
                self.unrecorded = ""
            raise Death(point)


@contextmanager
def mortal(post: Post) -> Iterator[None]:
    """Let the engine use this server, and give each of its steps a place to die before it commits, or after."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "Transport", lambda: post)

        def deadly(module: object, name: str, point: str, *, records: bool = False) -> None:
            real = getattr(module, name)

            def step(*arguments: object, **named: object) -> object:
                result = real(*arguments, **named)
                if records:
                    post.recorded()
                post.dies(point)
                return result

            patch.setattr(module, name, step)

        deadly(planning, "_bring_into_line", "plan")
        deadly(composing, "_attach", "compose")
        deadly(sending, "claim", "claim")
        deadly(sending, "freeze_each", "freeze")
        deadly(freezing, "render", "freeze-open")
        deadly(turns, "begin", "start-open")  # the answer to the mail before is not committed yet
        deadly(sending, "_turn", "start", records=True)
        deadly(sending, "_note", "record", records=True)
        yield


def tick() -> None:
    """One pass of the engine; a death in it is the end of the pass, not of the machine."""
    with suppress(Death):
        ticking.tick()


def under_lease(message_id: str, at: dt.datetime) -> bool:
    """Whether the mail's lease still stands."""
    return Mail.objects.filter(message_id=message_id, state="leased", lease_until__gt=at).exists()
