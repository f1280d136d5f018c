"""Whether the engine lives and every mail went out: for operators, health checks and reports. Must not write."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet

from reminders.enums import State
from reminders.models import Delivery, EngineState, Heartbeat, Mail

TICK_SECONDS = 30
SILENT_TICKS = 3
"""Missed ticks after which the engine counts as silent (P23)."""


@dataclass(frozen=True)
class Health:
    """The engine at a glance; `problem` is empty when it is well."""

    last_tick: datetime | None
    last_send: datetime | None
    paused: bool
    circuit_until: datetime | None
    circuit_reason: str
    oldest_due: datetime | None
    due: int
    stuck: int
    problem: str


def health(now: datetime) -> Health:
    """Read the engine's signs of life (four queries, whatever the number of rows)."""
    state = engine_state()
    due = due_mails(now).aggregate(number=Count("pk"), oldest=Min("not_before"))
    rows = due_rows(now).aggregate(number=Count("pk"), oldest=Min("not_before"))
    oldest = min((at for at in (due["oldest"], rows["oldest"]) if at is not None), default=None)
    return Health(
        last_tick=state.last_tick,
        last_send=state.last_send,
        paused=state.paused,
        circuit_until=open_circuit_until(state, now),
        circuit_reason=state.circuit_reason,
        oldest_due=oldest,
        due=due["number"] + rows["number"],
        stuck=Mail.objects.filter(state=State.LEASED, lease_until__lte=now).count(),
        problem=problem(state, now),
    )


def engine_state() -> EngineState:
    """The engine's one row, or an unsaved one as it is before the first pass."""
    return EngineState.objects.filter(pk=1).first() or EngineState(pk=1)


def open_circuit_until(state: EngineState, now: datetime) -> datetime | None:
    """Until when no mail server is tried; None when one may be tried now."""
    return state.circuit_until if state.circuit_until and state.circuit_until > now else None


def problem(state: EngineState, now: datetime) -> str:
    """Why reminders are not going out, in one sentence; empty when the engine is well."""
    return "The engine is paused." if state.paused else silence(state, now)


def silence(state: EngineState, now: datetime) -> str:
    """Why the engine counts as silent (P23); empty while its heart beats. A rehearsal's clock runs faster."""
    if state.last_tick is None:
        return "The engine has never run."
    age = now - state.last_tick
    bound = timedelta(seconds=TICK_SECONDS * SILENT_TICKS * max(1.0, settings.ROADMAP_SPEED))
    if age > bound:
        return f"The engine has been silent for {int(age.total_seconds())} seconds."
    if -age > bound:
        return f"The engine's last pass lies {int(-age.total_seconds())} seconds ahead: a clock was set back."
    return ""


def due_mails(now: datetime) -> QuerySet[Mail]:
    """Mails that are composed and should have left."""
    return Mail.objects.filter(state=State.QUEUED, not_before__lte=now)


def due_rows(now: datetime) -> QuerySet[Delivery]:
    """Reminders that are due and in no mail yet."""
    return Delivery.objects.filter(state=State.QUEUED, mail__isnull=True, not_before__lte=now)


def delivery_report(now: datetime) -> dict[str, Any]:
    """Counts for the operator: due, sent, waiting, failed, cancelled and expired by reason, oldest due (ISO).

    Counts every row there is, which takes about a second a million; the page of the operator does not use it.
    """
    by_state = {
        row["state"]: row["number"] for row in Delivery.objects.order_by().values("state").annotate(number=Count("pk"))
    }
    found = health(now)
    seen = Heartbeat.objects.order_by().values("kind").annotate(at=Max("seen_at")).order_by("kind")
    return {
        "due": found.due,
        "sent": by_state.get(State.SENT, 0),
        "waiting": by_state.get(State.QUEUED, 0) + by_state.get(State.LEASED, 0),
        "failed": by_state.get(State.DEAD, 0),
        "held": by_state.get(State.HELD, 0),
        "cancelled": _by_reason(State.CANCELLED),
        "expired": _by_reason(State.EXPIRED),
        "mails_sent": Mail.objects.filter(state=State.SENT).count(),
        "oldest_due": found.oldest_due.isoformat() if found.oldest_due else None,
        "last_tick": found.last_tick.isoformat() if found.last_tick else None,
        "problem": found.problem,
        "next_hour": Delivery.objects.filter(
            state=State.QUEUED, not_before__gt=now, not_before__lte=now + timedelta(hours=1)
        ).count(),
        "stuck": found.stuck,
        "refused": _by_reason(State.DEAD),
        "circuit_until": found.circuit_until.isoformat() if found.circuit_until else None,
        "last_send": found.last_send.isoformat() if found.last_send else None,
        "last_seen": {row["kind"]: row["at"].isoformat() for row in seen},
    }


def _by_reason(state: State) -> dict[str, int]:
    rows = Delivery.objects.filter(state=state).order_by().values("reason").annotate(number=Count("pk"))
    return {row["reason"]: row["number"] for row in rows}
