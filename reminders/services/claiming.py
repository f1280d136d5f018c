"""Claims due mails under a lease (rule 6); `outbox` has what that means. Must not render or speak to a mail server."""

from datetime import datetime

from django.db import transaction

from reminders.enums import Outcome
from reminders.models import Attempt, Mail
from reminders.services.outbox import lease, lease_time, settle

__all__ = ["claim", "lease_time", "settle"]


@transaction.atomic
def claim(now: datetime, count: int) -> list[Mail]:
    """Lease up to `count` mails that are due; attempts left open by a dead worker are marked uncertain."""
    picked, token = lease(Mail.objects.all(), now, count)
    if not picked:
        return []
    mails = list(Mail.objects.filter(pk__in=picked, claim=token).select_related("user").order_by("not_before", "pk"))
    Attempt.objects.filter(mail__in=mails, outcome=Outcome.STARTED).update(outcome=Outcome.UNCERTAIN, ended_at=now)
    return mails
