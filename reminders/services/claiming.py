"""Claims due mails under a lease, and records what became of them, fenced by the claim (rule 6).

Two workers, two machines or a worker that woke up late can never record the same mail twice: every write repeats
the claim as its condition. Must not render or speak to a mail server.
"""

import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from core import clock
from core.locks import locked
from reminders.defaults import limits
from reminders.enums import Outcome, State
from reminders.models import Attempt, Mail


def lease_time(now: datetime) -> datetime:
    """The clock leases are compared by: the database's own in production, so that host clocks may differ."""
    if connection.vendor != "postgresql" or clock.moved():
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


@transaction.atomic
def claim(now: datetime, count: int) -> list[Mail]:
    """Lease up to `count` mails that are due, or whose lease ran out because a worker died.

    1. pick candidates, skipping rows another worker has locked; 2. update them on the condition that they are still
    due; 3. read back what carries our token. Attempts left open by a dead worker are marked uncertain.
    """
    at = lease_time(now)
    # Two plain queries, each served by its own partial index; an OR of both would read the whole table.
    due = Q(state=State.QUEUED, not_before__lte=now)
    lost = Q(state=State.LEASED, lease_until__lte=at)
    picked = [
        pk
        for wanted, order in ((lost, "lease_until"), (due, "not_before"))
        for pk in locked(Mail.objects.filter(wanted), skip=True).order_by(order).values_list("pk", flat=True)[:count]
    ][:count]
    if not picked:
        return []
    token = uuid.uuid4().hex
    Mail.objects.filter(due | lost, pk__in=picked).update(
        state=State.LEASED,
        claim=token,
        lease_until=at + timedelta(seconds=limits().lease_seconds),
        attempts=F("attempts") + 1,
    )
    mails = list(Mail.objects.filter(pk__in=picked, claim=token).select_related("user").order_by("not_before", "pk"))
    Attempt.objects.filter(mail__in=mails, outcome=Outcome.STARTED).update(outcome=Outcome.UNCERTAIN, ended_at=now)
    return mails


def settle(mail: Mail, **changes: object) -> bool:
    """Write the outcome of a mail if our claim still stands. Returns False when somebody else took it over."""
    rows = Mail.objects.filter(pk=mail.pk, claim=mail.claim, state=State.LEASED)
    return rows.update(lease_until=None, claim="", **changes) == 1
