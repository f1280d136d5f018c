"""Whether the engine lives and every mail went out: for operators, health checks and reports. Must not write."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet

from reminders.enums import State
from reminders.models import Delivery, EngineState, Mail, ProgramPlan

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
    state = EngineState.objects.filter(pk=1).first() or EngineState(pk=1)
    due = due_mails(now).aggregate(number=Count("pk"), oldest=Min("not_before"))
    rows = due_rows(now).aggregate(number=Count("pk"), oldest=Min("not_before"))
    oldest = min((at for at in (due["oldest"], rows["oldest"]) if at is not None), default=None)
    return Health(
        last_tick=state.last_tick,
        last_send=state.last_send,
        paused=state.paused,
        circuit_until=state.circuit_until if state.circuit_until and state.circuit_until > now else None,
        circuit_reason=state.circuit_reason,
        oldest_due=oldest,
        due=due["number"] + rows["number"],
        stuck=Mail.objects.filter(state=State.LEASED, lease_until__lte=now).count(),
        problem=_problem(state, now),
    )


def _problem(state: EngineState, now: datetime) -> str:
    if state.paused:
        return "The engine is paused."
    if state.last_tick is None:
        return "The engine has never run."
    silent = now - state.last_tick
    if silent > timedelta(seconds=TICK_SECONDS * SILENT_TICKS):
        return f"The engine has been silent for {int(silent.total_seconds())} seconds."
    return ""


def due_mails(now: datetime) -> QuerySet[Mail]:
    """Mails that are composed and should have left."""
    return Mail.objects.filter(state=State.QUEUED, not_before__lte=now)


def due_rows(now: datetime) -> QuerySet[Delivery]:
    """Reminders that are due and in no mail yet."""
    return Delivery.objects.filter(state=State.QUEUED, mail__isnull=True, not_before__lte=now)


def delivery_report(now: datetime) -> dict[str, Any]:
    """Counts for the operator: due, sent, waiting, failed, cancelled and expired by reason, oldest due (ISO)."""
    by_state = {
        row["state"]: row["number"] for row in Delivery.objects.order_by().values("state").annotate(number=Count("pk"))
    }
    found = health(now)
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
    }


def _by_reason(state: State) -> dict[str, int]:
    rows = Delivery.objects.filter(state=state).order_by().values("reason").annotate(number=Count("pk"))
    return {row["reason"]: row["number"] for row in rows}


def failures(limit: int = 50) -> list[Mail]:
    """The latest mails that were refused for good or given up."""
    return list(Mail.objects.filter(state=State.DEAD).select_related("user").order_by("-pk")[:limit])


def stuck(now: datetime, limit: int = 50) -> list[Mail]:
    """Mails whose worker died: their lease ran out and nobody has taken them up yet."""
    rows = Mail.objects.filter(state=State.LEASED, lease_until__lte=now).select_related("user")
    return list(rows.order_by("lease_until")[:limit])


def held(limit: int = 50) -> list[dict[str, Any]]:
    """Programs whose reminders the storm breaker holds, with how many."""
    rows = Delivery.objects.filter(state=State.HELD).order_by().values("program__name", "program_id")
    return [dict(row) for row in rows.annotate(number=Count("pk"))[:limit]]


def faulty_plans(limit: int = 50) -> list[ProgramPlan]:
    """Programs whose reminders could not be planned, with the error."""
    return list(ProgramPlan.objects.exclude(error="").select_related("program")[:limit])
