"""A small program with chats switched on, and a receiver on loopback that can be told to misbehave."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from channels.enums import CHOOSABLE, Kind
from channels.models import Channel
from channels.services.managing import ChannelInput, add_channel
from core import clock
from tests import factories
from tests.factories import Built

NOW = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)  # a Monday; gate 30 is due on Tuesday 3 Feb


@dataclass
class Receiver:
    """What was posted, and the answers to give: (status, headers, body), the last one for ever."""

    port: int = 0
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=lambda: [(200, {}, b"ok")])
    drip: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook/secret-path"


@pytest.fixture(scope="session")
def _server() -> Iterator[tuple[ThreadingHTTPServer, list[Receiver]]]:
    current: list[Receiver] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver = current[0]
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, headers, text = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
            if receiver.drip:
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
                receiver.stop.wait(30)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            try:
                self.wfile.write(text)
            except OSError:
                return  # it was hung up on, which is the point of one test

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server, current
    server.shutdown()
    server.server_close()


@pytest.fixture
def receiver(_server: tuple[ThreadingHTTPServer, list[Receiver]], settings) -> Iterator[Receiver]:
    """A receiver the operator allows."""
    server, current = _server
    made = Receiver(server.server_address[1])
    current[:] = [made]
    settings.WEBHOOKS, settings.WEBHOOK_HTTP = True, True
    settings.WEBHOOK_ALLOWED_HOSTS = [f"127.0.0.1:{made.port}"]
    yield made
    made.stop.set()


@pytest.fixture
def built(db: None) -> Iterator[Built]:
    """The small program `alpha` on the day before its gate, the clock standing still."""
    clock.move(NOW, speed=0)
    yield factories.program("alpha")
    clock.reset()


@pytest.fixture
def add(built: Built, receiver: Receiver) -> Callable[..., Channel]:
    """Add a channel that posts to the receiver."""

    def make(kind: Kind = Kind.SLACK, topics: object = CHOOSABLE, name: str = "Team chat") -> Channel:
        wanted = ChannelInput(name, kind, receiver.url, [str(topic) for topic in topics])  # type: ignore[attr-defined]
        return add_channel(actor=built.manager, program=built.program, wanted=wanted).channel

    return make
