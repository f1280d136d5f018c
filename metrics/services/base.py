"""What every write of the metrics shares: lock, notice a lost race, record. No rules here."""

import datetime as dt
from typing import Any

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import many_lines, one_line
from metrics.models import Metric
from programs.models import Program

QUICKER = "Somebody changed this a moment ago. Look at it as it is now, then try again."
METRIC, ALERT, TOKEN = "metric", "metric_alert", "metric_token"
"""Kinds of subjects in the record."""


def lock(metric: Metric) -> Metric:
    """Return the metric as it is now with its program, locked for the rest of the transaction."""
    rows = Metric._default_manager.select_related("program").filter(pk=metric.pk)
    return locked(rows).get()


def hold(program: Program) -> Program:
    """Lock a program, so that places are given out one writer at a time; return it as it is now."""
    return locked(Program._default_manager.filter(pk=program.pk)).get()


def not_newer(metric: Metric, version: int | None, *, current: str) -> None:
    """Refuse a form that was drawn from an older row. Errors: Conflict with `current`."""
    if version is not None and metric.version != version:
        raise Conflict(QUICKER, current=current)


def differing(metric: Metric, values: dict[str, Any]) -> dict[str, list[str]]:
    """Return {field: [before, after]} as text for what `values` would change."""
    return {
        name: [written(getattr(metric, name)), written(value)]
        for name, value in values.items()
        if getattr(metric, name) != value
    }


def save(metric: Metric, values: dict[str, Any]) -> None:
    """Set and save fields with the next version."""
    for name, value in values.items():
        setattr(metric, name, value)
    metric.version += 1
    metric.save(update_fields=[*values, "version"])


def written(value: Any) -> str:
    """Write a value as text for the record."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def record(
    actor_id: int | None, verb: Verb, metric: Metric, *, kind: str = METRIC, subject: int | None = None, **data: Any
) -> None:
    """Write the activity entry of a change; `data` is plain JSON and always names the metric by slug."""
    activity.record(
        actor_id=actor_id,
        verb=verb,
        subject_kind=kind,
        subject_id=subject or metric.pk,
        subject_label=metric.name,
        program_id=metric.program_id,
        data={"metric": metric.slug, "metric_id": metric.pk, **data},
    )


def line(text: str, field: str, message: str, limit: int) -> str:
    """Return a cleaned line. Errors: Invalid at `field` when it is empty or too long."""
    cleaned = one_line(text)
    if not cleaned:
        raise Invalid(message, field=field)
    return short(cleaned, field, limit)


def reason(text: str, field: str, message: str, limit: int = 500) -> str:
    """Return a cleaned reason. Errors: Invalid at `field` when it is empty or too long."""
    cleaned = many_lines(text)
    if not cleaned:
        raise Invalid(message, field=field)
    return short(cleaned, field, limit)


def short(text: str, field: str, limit: int) -> str:
    """Return the text. Errors: Invalid at `field` when it is too long."""
    if len(text) > limit:
        raise Invalid(f"Keep it to {limit} characters; this has {len(text)}.", field=field)
    return text


def actor_id(actor: User | None) -> int | None:
    """The id of who acts; None for a monitoring system."""
    return actor.pk if actor is not None else None
