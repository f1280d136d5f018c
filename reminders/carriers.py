"""What else is sent in the same pass as mails: an app above registers its outbox when it starts.

So that one tick drives all outboxes, a restored copy holds all of them and the operator sees all of them, although
this app knows nothing of the others. Must not import models: apps register while they are still loading.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outbox:
    """One outbox: `one` and `many` name what is in it.

    `carry(now)` sends; `hold(now, reason)` holds what is due by then in a restored copy; `waiting()` are the rows
    that wait, with a column `not_before`.
    """

    one: str
    many: str
    carry: Callable[[datetime], object]
    hold: Callable[[datetime, str], object]
    waiting: "Callable[[], QuerySet[Any]]"


_outboxes: list[Outbox] = []


def register(outbox: Outbox) -> None:
    """Send an outbox in every pass, after the mails."""
    if outbox not in _outboxes:
        _outboxes.append(outbox)


def outboxes() -> Iterable[Outbox]:
    """Every outbox besides the mails."""
    return tuple(_outboxes)


def carry(now: datetime) -> None:
    """Send from every outbox; one that fails is logged and holds up nobody (P8)."""
    for outbox in _outboxes:
        try:
            outbox.carry(now)
        except Exception:
            _log.exception("the outbox of %s failed; its rows wait for the next pass", outbox.many)


def hold(now: datetime, reason: str) -> None:
    """Have every outbox hold what is due by `now` (P18). What one of them raises is raised: it must not go unseen."""
    for outbox in _outboxes:
        outbox.hold(now, reason)
