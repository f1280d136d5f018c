"""What else is sent in the same pass as mails: an app above registers its carrier when it starts.

So that one tick drives all outboxes although this app knows nothing of the others. Must not import models: apps
register while they are still loading.
"""

import logging
from collections.abc import Callable
from datetime import datetime

Carrier = Callable[[datetime], object]
_log = logging.getLogger(__name__)
_carriers: list[Carrier] = []


def carry_too(carrier: Carrier) -> None:
    """Call `carrier(now)` in every pass, after the mails."""
    if carrier not in _carriers:
        _carriers.append(carrier)


def carry(now: datetime) -> None:
    """Call every carrier; one that fails is logged and holds up nobody (P8)."""
    for carrier in _carriers:
        try:
            carrier(now)
        except Exception:
            _log.exception("a carrier failed; its rows wait for the next pass")
