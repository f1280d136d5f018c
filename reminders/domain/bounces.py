"""What a bounce, a complaint or a refusal says about an address: reachable, in doubt, or not any more.

Pure. A provider's event and an SMTP answer are judged by the same rules (engine.md, failure classes): only what is
the address's own fault counts against it. An out-of-office answer is no bounce; a policy of the server is none either.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

SOFT_MOST = 5
"""Soft bounces within `SOFT_SPAN` after which an address counts as unreachable."""
SOFT_SPAN = timedelta(days=14)


class Cause(StrEnum):
    """Why no mail is sent to an address."""

    BOUNCED = "bounced"
    REFUSED = "refused"
    COMPLAINED = "complained"
    REPEATED = "repeated"
    UNSUBSCRIBED = "unsubscribed"

    @property
    def label(self) -> str:
        """What happened, as people read it."""
        return _CAUSES[self]


_CAUSES = {
    Cause.BOUNCED: "A mail came back: the address does not take mail",
    Cause.REFUSED: "The mail server refused the address for good",
    Cause.COMPLAINED: "A mail was reported as spam",
    Cause.REPEATED: f"Mails came back {SOFT_MOST} times within {SOFT_SPAN.days} days",
    Cause.UNSUBSCRIBED: "The mail provider was told to send no more",
}


class Weight(StrEnum):
    """How much an event weighs."""

    HARD = "hard"
    SOFT = "soft"
    ARRIVED = "arrived"
    NONE = "none"


@dataclass(frozen=True)
class Verdict:
    """What an event means; a hard one has its cause."""

    weight: Weight
    cause: Cause | None = None


NOTHING, SOFT, ARRIVED = Verdict(Weight.NONE), Verdict(Weight.SOFT), Verdict(Weight.ARRIVED)
KEPT = frozenset({"bounced", "rejected", "complained", "unsubscribed", "delivered"})
"""The event types worth a row. Openings and clicks are nobody's business; a deferral is followed by its end."""


def of_event(kind: str, reason: str, *, soft: bool = False) -> Verdict:
    """Judge a provider's event by its normalised type and reason; `soft` when it said itself that it may pass."""
    if kind == "delivered":
        return ARRIVED
    if kind == "complained":
        return Verdict(Weight.HARD, Cause.COMPLAINED)
    if kind == "unsubscribed":
        return Verdict(Weight.HARD, Cause.UNSUBSCRIBED)
    if kind == "rejected":  # by the provider, because of what it remembers about the address
        known = {"spam": Cause.COMPLAINED, "unsubscribed": Cause.UNSUBSCRIBED}
        known |= {"invalid": Cause.BOUNCED, "bounced": Cause.BOUNCED}
        return Verdict(Weight.HARD, known[reason]) if reason in known else NOTHING
    if kind != "bounced":
        return NOTHING
    hard = reason in ("invalid", "bounced") and not soft
    return Verdict(Weight.HARD, Cause.BOUNCED) if hard else SOFT


_WORDS = {"soft_bounce", "soft_bounced", "softbounce", "transient", "blocked"}
_SPARKPOST_SOFT = {"20", "21", "22", "23", "24", "40", "50", "51", "52", "53", "54", "70", "100"}


def says_soft(raw: Mapping[str, Any], *words: str) -> bool:
    """Whether a provider's own event says "for now" where the normalised one only says "bounced".

    `words` are its texts: an enhanced status 4.x.x or a full mailbox (5.2.2) in them says the same.
    """
    inner = [raw.get("data"), raw.get("msys"), raw.get("bounce")]
    parts = [raw, *(part for part in inner if isinstance(part, Mapping))]
    parts += [part["bounce"] for part in parts if isinstance(part.get("bounce"), Mapping)]
    said = {str(part[key]).lower() for part in parts for key in ("event", "type", "Type") if part.get(key)}
    if said & _WORDS or any(str(part.get("bounce_class")) in _SPARKPOST_SOFT for part in parts):
        return True
    codes = [code for word in words for code in _enhanced(word)[:1]]
    return any(code[0] == 4 or code[1:] == (2, 2) for code in codes)


def too_often(soft: Iterable[datetime], now: datetime) -> bool:
    """Whether the soft bounces of an address (since something last arrived) are too many to go on."""
    return sum(now - SOFT_SPAN < at <= now for at in soft) >= SOFT_MOST


_ADDRESS = {(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 0), (2, 1), (4, 1)}
"""Enhanced status codes (RFC 3463) that speak of the recipient: no such mailbox, host or syntax, or switched off.

5.4.1 is how Exchange says that nobody has this address. Not among them: 5.1.7 and 5.1.8 (the sender), 5.2.2 (full),
5.2.3 (too large), 5.3 and other 5.4 (the system, the route), 5.5 (the protocol) and 5.7 (policy).
"""
_PLAIN = {550, 551, 553}
_POLICY = re.compile(
    r"spam|polic|block|black.?list|denylist|reputation|spf|dkim|dmarc|relay|authenticat|sender|rate|quota|full"
    r"|too (large|many|big)|size|virus|content|ptr|greylist|try again",
    re.IGNORECASE,
)


def is_refused(text: str, *, at_recipient: bool) -> bool:
    """Whether a permanent SMTP answer (`text`, starting with its code) is about the recipient's address (P7).

    With an enhanced status that decides alone, wherever in the conversation it came. Without one only 550, 551 and 553
    to the recipient itself count, and not when the words speak of sender, policy or space.
    """
    code = re.match(r"(5\d\d)\b", text)
    if code is None:
        return False
    enhanced = _enhanced(text)
    if enhanced:
        return enhanced[0][0] == 5 and enhanced[0][1:] in _ADDRESS
    return at_recipient and int(code[1]) in _PLAIN and not _POLICY.search(text)


def _enhanced(text: str) -> list[tuple[int, int, int]]:
    found = re.findall(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)", text)
    return [(int(kind), int(subject), int(detail)) for kind, subject, detail in found]


def unreached(name: str, since: date) -> str:
    """The gap in words: "No mail reaches Mia Owner since 26 Jan 2026"."""
    return f"No mail reaches {name} since {since.day} {since:%b %Y}"
