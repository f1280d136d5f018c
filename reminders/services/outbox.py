"""What every outbox shares, mails and posts to chats alike: lease rows, settle them under the claim, wait longer.

Works on any model with the columns `state`, `not_before`, `lease_until`, `claim` and `attempts`. Two workers, two
machines or a worker that woke up late can never record the same row twice: every write repeats the claim as its
condition. Must not know what is sent or how.
"""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet

from core import clock
from core.locks import locked
from reminders.defaults import limits
from reminders.enums import State

M = TypeVar("M", bound=Model)


def lease_time(now: datetime) -> datetime:
    """The clock leases are compared by: the database's own in production, so that host clocks may differ."""
    if connection.vendor != "postgresql" or clock.moved():
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


@transaction.atomic
def lease(rows: QuerySet[M], now: datetime, count: int) -> tuple[list[int], str]:
    """Lease up to `count` of `rows` that are due, or whose lease ran out because a worker died.

    1. pick candidates, skipping rows another worker has locked; 2. update them on the condition that they are still
    due. Returns the ids of the candidates and the token: what carries it is ours (step 3, the caller's).
    """
    at = lease_time(now)
    # Two plain queries, each served by its own partial index; an OR of both would read the whole table.
    due = Q(state=State.QUEUED, not_before__lte=now)
    lost = Q(state=State.LEASED, lease_until__lte=at)
    picked = [
        pk
        for wanted, order in ((lost, "lease_until"), (due, "not_before"))
        for pk in locked(rows.filter(wanted), skip=True).order_by(order).values_list("pk", flat=True)[:count]
    ][:count]
    token = uuid.uuid4().hex
    if picked:
        rows.model._default_manager.filter(due | lost, pk__in=picked).update(
            state=State.LEASED,
            claim=token,
            lease_until=at + timedelta(seconds=limits().lease_seconds),
            attempts=F("attempts") + 1,
        )
    return picked, token


def settle(row: Any, **changes: object) -> bool:
    """Write the outcome of a row if our claim still stands. Returns False when somebody else took it over."""
    rows = type(row)._default_manager.filter(pk=row.pk, claim=row.claim, state=State.LEASED)
    return bool(rows.update(lease_until=None, claim="", **changes) == 1)


def growing_wait(attempts: int, key: str) -> timedelta:
    """How long to wait after the given number of tries: longer each time up to a cap.

    Spread by a factor of 1.0 to 1.5 over rows and tries, but the same on every machine.
    """
    bounds = limits()
    wait = min(bounds.retry_first_seconds * 2 ** (attempts - 1), bounds.retry_longest_seconds)
    return timedelta(seconds=wait * (1 + hashlib.sha256(f"{key}|{attempts}".encode()).digest()[0] / 512))
