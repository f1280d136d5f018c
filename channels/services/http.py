"""Posts a body to an address somebody typed, and cannot be led inside the network (P20, security.md section 5).

requests-hardened resolves the name once, judges the address, pins the connection to it and keeps Host and SNI. Around
it: our own judgement of the same address (Python's flags miss some), the operator's allowances, no redirects, no
proxies from the environment, a limit on the answer's size and on the whole conversation's time. No address ever stands
in an error or in the log: whoever has it can post.
"""

import os
import socket
import threading
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from channels.domain.answers import Answer, of_status
from channels.domain.targets import INSIDE, PORTS, Allowance, fault, is_allowed, is_inside, port_of
from core.text import one_line
from reminders.enums import Outcome

TIMEOUT = 5.0
"""Seconds to connect, and to wait for each piece of the answer."""
DEADLINE = 10.0
"""Seconds for the whole conversation, so that nobody can drip an answer and hold up the others."""
SLOW = f"No end of the answer within {DEADLINE:.0f} seconds"
ANSWER_MOST = 64 * 1024
_QUOTED = 200
_CONFIG = Config(
    ip_filter_enable=True,
    ip_filter_allow_loopback_ips=False,
    never_redirect=True,
    default_timeout=(TIMEOUT, TIMEOUT),
    user_agent_override="Roadmap90",
)


def allowance() -> Allowance:
    """What the operator allows."""
    return Allowance(
        http=settings.WEBHOOK_HTTP,
        hosts=tuple(settings.WEBHOOK_ALLOWED_HOSTS),
        networks=tuple(settings.WEBHOOK_ALLOWED_NETWORKS),
    )


def fault_of(url: str) -> str:
    """What is wrong with an address somebody typed, in words. Knows numbers in every spelling; asks no resolver."""
    allowed = allowance()
    found = fault(url, allowed)
    if found:
        return found
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        numbers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return ""  # a name: judged when it is connected to
    address = ip_address(numbers[0][4][0])
    named = allowed.names(host, port_of(parts))
    return INSIDE if is_inside(address) and not named and not is_allowed(address, allowed.networks) else ""


def post(url: str, body: bytes, headers: dict[str, str], now: datetime) -> Answer:
    """Post JSON once and say how that ended. Never raises for what a receiver or the network does."""
    wrong = fault(url, allowance())  # the operator may have taken back what was allowed when it was typed
    if wrong:
        return Answer(Outcome.PERMANENT, wrong)
    adapter = _Guarded(allowance(), https=url.startswith("https:"))
    with HTTPSession(_CONFIG) as session, _Watch(adapter) as watch:
        session.trust_env = False
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        sent = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity", **headers}
        try:
            with session.post(url, data=body, headers=sent, stream=True) as response:
                if watch.over:  # what looks like the end of the headers is where we hung up
                    return Answer(Outcome.UNCERTAIN, SLOW)
                text = _beginning(response)
                return of_status(response.status_code, text, response.headers.get("Retry-After", ""), now)
        except InvalidIPAddress:
            return Answer(Outcome.PERMANENT, INSIDE)
        except requests.exceptions.SSLError:
            return Answer(Outcome.TEMPORARY, "Its certificate is not valid for this host")
        except requests.exceptions.ConnectTimeout:
            return Answer(Outcome.UNREACHABLE, f"No connection within {TIMEOUT:.0f} seconds")
        except requests.exceptions.ReadTimeout:
            return Answer(Outcome.UNCERTAIN, f"No answer within {TIMEOUT:.0f} seconds")
        # Whatever else the libraries raise for a receiver's behaviour; its text would hold the address.
        except (requests.RequestException, OSError, ValueError) as error:
            if watch.over:
                return Answer(Outcome.UNCERTAIN, SLOW)
            if adapter.connected:
                return Answer(Outcome.UNCERTAIN, f"The connection broke ({type(error).__name__})")
            return Answer(Outcome.UNREACHABLE, f"It cannot be reached ({type(error).__name__})")


def _beginning(response: requests.Response) -> str:
    """The first words of an answer; the rest is read up to a bound, then the receiver is hung up on."""
    raw = response.raw.read(ANSWER_MOST + 1, decode_content=False)
    words = one_line(raw[: 4 * _QUOTED].decode("utf-8", "replace"))[:_QUOTED]
    return f"{words} (an answer of more than 64 kB, cut)" if len(raw) > ANSWER_MOST else words


@dataclass
class _Connections:
    """Second handles of the sockets in use, by which another thread can end a conversation."""

    handles: list[socket.socket]

    def keep(self, made: socket.socket) -> None:
        self.handles.append(socket.socket(fileno=os.dup(made.fileno())))


class _Guarded(IPFilterAdapter):  # type: ignore[misc]  # the library comes without types
    """Judges and pins an address as the library does, then judges it by our own rule; knows the allowances."""

    def __init__(self, allowed: Allowance, *, https: bool) -> None:
        self.allowed = allowed
        self.connections = _Connections([])
        super().__init__(is_https_proto=https)

    @property
    def connected(self) -> bool:
        """Whether a connection was made at all."""
        return bool(self.connections.handles)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            scheme: _handled(pool, self.connections)
            for scheme, pool in (("http", HTTPConnectionPool), ("https", HTTPSConnectionPool))
        }

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Where to connect to. Errors: InvalidIPAddress."""
        place, pool = HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        if self.allowed.names(place["host"], place["port"] or PORTS[place["scheme"]][0]):
            return place, pool
        name = place["host"]
        try:
            place, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        except InvalidIPAddress as refused:
            address = refused.args[0]
            if not is_allowed(address, self.allowed.networks):
                raise
            return self._pinned(request, place, pool, str(address))
        address = ip_address(place["host"].strip("[]"))
        if is_inside(address) and not is_allowed(address, self.allowed.networks):
            raise InvalidIPAddress(name)
        return place, pool

    def _pinned(self, request: Any, place: Any, pool: Any, address: str) -> Any:
        """The same as the library does with an address that passed, for one the operator's networks hold."""
        request.headers = CaseInsensitiveDict(request.headers)
        request.headers["Host"] = place["host"] + (f":{place['port']}" if place["port"] else "")
        if place["scheme"] == "https":
            pool |= {"assert_hostname": place["host"], "server_hostname": place["host"]}
        place["host"] = f"[{address}]" if ":" in address else address
        return place, pool


def _handled(pool: Any, connections: _Connections) -> Any:
    """A connection pool whose sockets can be ended from outside."""

    class Connection(pool.ConnectionCls):  # type: ignore[misc]  # its base is chosen at run time
        def _new_conn(self) -> socket.socket:
            made: socket.socket = super()._new_conn()
            connections.keep(made)
            return made

    class Pool(pool):  # type: ignore[misc]  # as above
        ConnectionCls = Connection

    return Pool


class _Watch:
    """Ends the conversation when its time is up; a context manager."""

    def __init__(self, adapter: _Guarded) -> None:
        self.over = False
        self._connections = adapter.connections
        self._timer = threading.Timer(DEADLINE, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "_Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for handle in self._connections.handles:
            handle.close()

    def _end(self) -> None:
        self.over = True
        for handle in self._connections.handles:
            try:
                handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself
