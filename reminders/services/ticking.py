"""One pass of the engine: plan, close, compose, send, and leave a heartbeat. Safe to run many times at once.

Celery, cron, the embedded process, the rehearsal and the tests all call this; nothing about reminders happens
anywhere else.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from core import clock
from escalation.services import advance
from ownership.services import hand_over_due
from reminders.carriers import carry
from reminders.models import EngineState
from reminders.services.composing import compose, expire
from reminders.services.days import keep_days
from reminders.services.outcomes import close_circuit
from reminders.services.planning import behind, plan_due
from reminders.services.reach import judge
from reminders.services.sending import send_claimed


@dataclass(frozen=True)
class TickResult:
    """Counts of one pass: rows planned, cancelled, held and expired; mails composed, sent, retried and failed."""

    planned: int = 0
    sent: int = 0
    retried: int = 0
    failed: int = 0
    cancelled: int = 0
    held: int = 0
    expired: int = 0
    composed: int = 0

    def as_json(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


def tick(now: datetime | None = None) -> TickResult:
    """Run one pass as of `now` (the clock's when not given). Never raises for a single bad row or program.

    While planning has a backlog nothing new is composed: a mail of the day must hold everything of that day.
    """
    now = now or clock.now()
    state = EngineState.objects.get_or_create(pk=1)[0]
    if state.paused:
        _beat(last_tick=now)
        return TickResult()
    # First, so that what ended overnight is planned and told in the same pass.
    keep_days()
    hand_over_due()
    advance(now)
    judge(now)
    planned = plan_due(now)
    expired = expire(now)
    composed = 0 if behind(now) else compose(now)
    sent = send_claimed(now)
    carry(now)
    _beat(last_tick=now, sent=sent.sent, now=now)
    return TickResult(
        planned=planned.planned,
        sent=sent.sent,
        retried=sent.retried,
        failed=sent.failed + planned.failed,
        cancelled=planned.cancelled + sent.cancelled,
        held=planned.held,
        expired=expired,
        composed=composed,
    )


def send_due(now: datetime | None = None) -> int:
    """Send what is composed and due, without planning: how further workers help. Returns how many mails left."""
    now = now or clock.now()
    if EngineState.objects.filter(paused=True).exists():
        return 0
    count = send_claimed(now)
    carry(now)
    _beat(sent=count.sent, now=now)
    return count.sent


def _beat(*, last_tick: datetime | None = None, sent: int = 0, now: datetime | None = None) -> None:
    """Leave the signs that health checks look for (P23)."""
    changes: dict[str, datetime] = {}
    if last_tick is not None:
        changes["last_tick"] = last_tick
    if sent and now is not None:
        changes["last_send"] = now
        close_circuit()
    if changes:
        EngineState.objects.filter(pk=1).update(**changes)
