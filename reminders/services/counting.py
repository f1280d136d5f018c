"""One pass, timed and counted: what the operator's page and the metrics say about it. Must not plan or send.

The counts are added up after the pass, in one statement each, so that no mail waits for another one's count; a
pass that is killed is not counted here. The rows themselves always tell (`manage.py delivery_report`).
"""

import time
from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from reminders.models import EngineState, Tally
from reminders.services import ticking
from reminders.services.ticking import TickResult


def tick(now: datetime | None = None) -> TickResult:
    """Run one pass (`ticking.tick`), then keep how long it took and what it did."""
    started = time.monotonic()
    result = ticking.tick(now)
    counts = result.as_json()
    took = int((time.monotonic() - started) * 1000)
    EngineState.objects.filter(pk=1).update(last_tick_ms=took, last_counts=counts)
    add_up(counts)
    return result


def send_due(now: datetime | None = None) -> int:
    """Send without planning (`ticking.send_due`) and count it."""
    sent = ticking.send_due(now)
    add_up({"sent": sent})
    return sent


def add_up(counts: Mapping[str, int]) -> None:
    """Add to the tallies; two processes may do so at once. Counts of nothing cost nothing."""
    for name, number in sorted(counts.items()):
        if number and not Tally.objects.filter(name=name).update(number=F("number") + number):
            Tally.objects.get_or_create(name=name)
            Tally.objects.filter(name=name).update(number=F("number") + number)
