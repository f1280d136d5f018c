"""What else is sent in the same pass as mails: an app above registers its carrier when it starts.

So that one tick drives all outboxes, and a restored copy holds all of them, although this app knows nothing of the
others. Must not import models: apps register while they are still loading.
"""

import logging
from collections.abc import Callable
from datetime import datetime

Carrier = Callable[[datetime], object]
Holder = Callable[[datetime, str], object]
_log = logging.getLogger(__name__)
_carriers: list[Carrier] = []
_holders: list[Holder] = []


def carry_too(carrier: Carrier, holder: Holder) -> None:
    """Call `carrier(now)` in every pass, after the mails; `holder(now, reason)` when a restored copy is made safe."""
    if carrier not in _carriers:
        _carriers.append(carrier)
        _holders.append(holder)


def hold(now: datetime, reason: str) -> None:
    """Have every outbox hold what is due by `now` (P18). What one of them raises is raised: it must not go unseen."""
    for holder in _holders:
        holder(now, reason)


def carry(now: datetime) -> None:
    """Call every carrier; one that fails is logged and holds up nobody (P8)."""
    for carrier in _carriers:
        try:
            carrier(now)
        except Exception:
            _log.exception("a carrier failed; its rows wait for the next pass")
