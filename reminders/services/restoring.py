"""A restored backup sends nothing by itself (P18): the engine is paused, everything that is due waits for a person.

What was sent after the backup was made is queued again in the copy, or was not even planned yet. So first everything
up to now is planned as a pass would, then all of it is held; operations shows it, to be released or discarded. Other
outboxes do the same with theirs (`carriers`).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from core import clock
from escalation.services import advance
from ownership.services import hand_over_due
from reminders import carriers
from reminders.enums import Process, State
from reminders.models import Alarm, Delivery, EngineState, Heartbeat, Mail, ProgramPlan
from reminders.services.composing import expire
from reminders.services.days import keep_days
from reminders.services.heartbeats import here, seen
from reminders.services.planning import plan_due

RESTORED = "Held: this copy was restored from a backup; it may have been sent after the backup was made"

ROUNDS = 10_000
"""Planning passes; a bound, not a limit that is ever reached."""


def after_restore(now: datetime | None = None) -> int:
    """Pause the engine, plan up to now and hold everything that is due. Returns how many reminders are held.

    Repeating it changes nothing. Side effects: rows of the engine; what other processes of the original left
    (signs of life, alarms, the state of its mail server) is forgotten. Sends nothing.
    """
    now = now or clock.now()
    # In a transaction of its own and first: whatever happens after it, nothing is sent.
    EngineState.objects.update_or_create(
        pk=1,
        defaults={
            "paused": True,
            "restored_at": now,
            "circuit_until": None,
            "circuit_failures": 0,
            "circuit_reason": "",
        },
    )
    Heartbeat.objects.all().delete()
    Alarm.objects.all().delete()
    seen(here(Process.LOOP), Process.LOOP, now=now)
    keep_days()
    hand_over_due()
    advance(now)
    for _ in range(ROUNDS):
        plan_due(now)
        if not ProgramPlan.objects.filter(Q(dirty=True) | Q(planned_through__lte=now), error="").exists():
            break
    expire(now)
    carriers.hold(now, RESTORED)
    return hold_due(now)


@transaction.atomic
def hold_due(now: datetime) -> int:
    """Hold what is due by `now`, in a mail or not. Returns how many reminders are held in all.

    Mails are held with their bytes: one that may have been accepted before goes out unchanged if it is released (P2).
    """
    mails = Mail.objects.filter(Q(state=State.QUEUED, not_before__lte=now) | Q(state=State.LEASED))
    ids = list(mails.order_by("pk").values_list("pk", flat=True))
    Mail.objects.filter(pk__in=ids).update(state=State.HELD, lease_until=None, claim="", reason=RESTORED)
    open_ = Q(state__in=[State.QUEUED, State.LEASED])
    due = Q(mail__isnull=True, not_before__lte=now)
    Delivery.objects.filter(open_ & (due | Q(mail__in=ids))).update(state=State.HELD, reason=RESTORED)
    return Delivery.objects.filter(state=State.HELD).count()
