"""What follows from a receiver's answer, or from its silence. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from reminders.enums import Outcome

GONE = 410
LONGEST_WAIT = timedelta(days=1)
_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Answer:
    """How one try ended: the outcome, its words, how long the receiver asked to be left alone, whether it is gone."""

    outcome: Outcome
    text: str
    wait: timedelta | None = None
    gone: bool = False


def of_status(status: int, text: str, retry_after: str, now: datetime) -> Answer:
    """Judge an HTTP answer: 2xx is a yes; 408, 425, 429 and 5xx are tried again; the rest is a no, 410 for ever."""
    words = f"{status} {text}".strip()
    if 200 <= status < 300:
        return Answer(Outcome.ACCEPTED, words)
    if 300 <= status < 400:
        return Answer(Outcome.PERMANENT, f"{status} It answers with a redirect, which is not followed")
    if status in _LATER or status >= 500:
        return Answer(Outcome.TEMPORARY, words, wait_of(retry_after, now))
    return Answer(Outcome.PERMANENT, words, gone=status == GONE)


def wait_of(retry_after: str, now: datetime) -> timedelta | None:
    """How long `Retry-After` asks to wait (seconds or a date), a day at most; None when it says nothing of use."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        found = timedelta(seconds=int(text))
    else:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        if at.tzinfo is None:
            return None
        found = at - now
    return min(max(found, timedelta(0)), LONGEST_WAIT)
