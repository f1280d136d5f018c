"""Keyed tokens for links in mails: each for one purpose, one thing and one person, good for fourteen days.

Nothing is stored: the token carries what it is about and a keyed check over it, so a link works signed out and a
forged one costs no query. Short, because mail programs break long addresses. Must not decide what a token opens.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from django.conf import settings

LIFE = timedelta(days=14)
_CHECK = 16
"""Bytes of the check: 128 bits cannot be guessed through a web page."""
_LONGEST = 80
"""Characters; anything longer was not made here and is not worth decoding."""
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class Purpose(IntEnum):
    """What a link is for; a number that is in circulation never changes its meaning."""

    ANSWER = 1


@dataclass(frozen=True)
class Opened:
    """What a token is about: the thing, by its number, and the person it was sent to."""

    subject: int
    person: int


def make(purpose: Purpose, *, subject: int, person: int, at: datetime) -> str:
    """Return the token (about 35 characters) of a link made at the aware instant `at`."""
    minute = int((at - _EPOCH) / timedelta(minutes=1))
    body = b"".join(_packed(number) for number in (purpose, subject, person, max(0, minute)))
    return base64.urlsafe_b64encode(body + _check(body)).rstrip(b"=").decode()


def read(token: str, purpose: Purpose, now: datetime) -> Opened | None:
    """Return what a token is about; None for one that is forged, expired or of another purpose, all alike."""
    raw = _decoded(token)
    body, check = raw[:-_CHECK], raw[-_CHECK:]
    if not body or not hmac.compare_digest(check, _check(body)):
        return None
    meant, subject, person, minute = _unpacked(body)
    made = _EPOCH + timedelta(minutes=minute)
    # A minute of tolerance: it was cut to the minute, and clocks of two machines differ.
    young = made - timedelta(minutes=1) <= now < made + LIFE
    return Opened(subject, person) if meant == purpose and young else None


def page_key(token: str) -> str:
    """Return what the form on a link's page sends back: proof that it was opened, since no session is there."""
    return hmac.new(_key(b"page"), token.encode(), hashlib.sha256).hexdigest()[:32]


def is_page_key(token: str, sent: str) -> bool:
    """Whether a form came from the page of this very link; compared in constant time."""
    return hmac.compare_digest(page_key(token).encode(), sent.encode("utf-8", "surrogatepass"))


def _key(part: bytes) -> bytes:
    return b"reminders.token." + part + b"." + settings.SECRET_KEY.encode()


def _check(body: bytes) -> bytes:
    return hmac.new(_key(b"link"), body, hashlib.sha256).digest()[:_CHECK]


def _decoded(token: str) -> bytes:
    if len(token) > _LONGEST or not token.isascii():
        return b""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
    # One spelling for each token: trailing bits that mean nothing would make several.
    return raw if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == token else b""


def _packed(number: int) -> bytes:
    """A number in as few bytes as it takes, seven bits each, the last byte without the high bit."""
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes(found) + bytes([number])


def _unpacked(body: bytes) -> tuple[int, int, int, int]:
    first, second, third, fourth = _numbers(body)
    return first, second, third, fourth


def _numbers(body: bytes) -> Iterator[int]:
    number, shift = 0, 0
    for byte in body:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number, shift = 0, 0
