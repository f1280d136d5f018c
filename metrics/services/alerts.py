"""Opens, worsens and closes alerts, in the transaction that stores the readings; takes acknowledgements (S54, S72-S74).

The state of a metric is a function of its newest reading by time of measurement and of the alert that is open. So a
back-dated import changes nothing, sending twice changes nothing, and a reading too old to say anything about today
opens no alert.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from metrics import listeners, policies
from metrics.domain.clock import acknowledge_by
from metrics.domain.limits import plain
from metrics.domain.schedule import waiting
from metrics.enums import AlertLevel, Frequency
from metrics.models import Alert, Metric, Reading
from metrics.services.base import ALERT, actor_id, lock, reason, record
from programs.domain.localtime import local_date
from programs.selectors import cast_of

WORSE = {AlertLevel.WARNING: 1, AlertLevel.CRITICAL: 2}
BACK = "Back inside its limits"


def settle(metrics: Sequence[Metric], *, actor: User | None, because: str = BACK) -> None:
    """Bring the newest reading and the alert of locked `metrics` (with their program) up to date.

    Side effects: `last_value` and `last_measured_at`, alerts with their entries, listeners. A fixed number of queries
    while nothing breaches or recovers, however many readings came. `because` is why an alert closes.
    """
    newest = Reading.objects.filter(metric=OuterRef("pk"), current=True).order_by("-measured_at")
    rows = Metric.objects.filter(pk__in=[m.pk for m in metrics])
    found = rows.values_list("pk", Subquery(newest.values("measured_at")[:1]), Subquery(newest.values("value")[:1]))
    latest = {pk: (at, value) for pk, at, value in found}
    open_ = {a.metric_id: a for a in locked(Alert.objects.filter(metric__in=metrics, closed_at=None))}
    moved: list[Metric] = []
    for metric in metrics:
        if (metric.last_measured_at, metric.last_value) != latest[metric.pk]:
            _reported(metric, actor)
            metric.last_measured_at, metric.last_value = latest[metric.pk]
            moved.append(metric)
    if moved:
        Metric.objects.bulk_update(moved, ["last_measured_at", "last_value"])
    for metric in metrics:
        _judge(metric, open_.get(metric.pk), actor, because)
    if moved:
        listeners.tell(moved)


def _is_known(metric: Metric) -> bool:
    """Whether the newest reading still says something about today."""
    zone = metric.program.time_zone
    last = local_date(metric.last_measured_at, zone) if metric.last_measured_at else None
    return waiting(last, clock.today(zone), Frequency(metric.frequency), metric.program.calendar).is_known


def _reported(metric: Metric, actor: User | None) -> None:
    """Record the first reading, and the first one after silence: the status of the program may change with it."""
    if not _is_known(metric):
        record(actor_id(actor), Verb.METRIC_REPORTED, metric, first=metric.last_measured_at is None)


def _judge(metric: Metric, alert: Alert | None, actor: User | None, because: str) -> None:
    value, at = metric.last_value, metric.last_measured_at
    level = metric.limits.level(value) if value is not None else None
    if alert is None:
        if level is not None and at is not None and _is_known(metric):
            _open(metric, level, at, actor)
    elif level is None:
        alert.closed_at, alert.closed_because = clock.now(), because[:300]
        alert.save(update_fields=["closed_at", "closed_because"])
        record(
            actor_id(actor), Verb.METRIC_RECOVERED, metric, kind=ALERT, subject=alert.pk, **_facts(metric, alert.level)
        )
    elif at is not None and value is not None and WORSE[level] > WORSE[AlertLevel(alert.level)]:
        _worsen(alert, metric, level, actor)
    elif value is not None and at is not None and level == alert.level and _further(metric, value, alert):
        alert.value, alert.measured_at = value, at
        alert.save(update_fields=["value", "measured_at"])


def _open(metric: Metric, level: AlertLevel, at: dt.datetime, actor: User | None) -> None:
    now = clock.now()
    alert = Alert.objects.create(
        program=metric.program,
        metric=metric,
        level=level,
        value=metric.last_value,
        measured_at=at,
        opened_at=now,
        acknowledge_by=acknowledge_by(now, level, metric.program.limits),
    )
    record(actor_id(actor), Verb.METRIC_BREACHED, metric, kind=ALERT, subject=alert.pk, **_facts(metric, level))


def _worsen(alert: Alert, metric: Metric, level: AlertLevel, actor: User | None) -> None:
    """Raise the level: who acknowledged a warning has not acknowledged a critical breach, so the clock starts anew."""
    now = clock.now()
    values: dict[str, Any] = {
        "level": level.value,
        "value": metric.last_value,
        "measured_at": metric.last_measured_at,
        "acknowledge_by": acknowledge_by(now, level, metric.program.limits),
        "acknowledged_at": None,
        "acknowledged_by": None,
    }
    for name, value in values.items():
        setattr(alert, name, value)
    alert.save(update_fields=[*values])
    record(
        actor_id(actor), Verb.METRIC_BREACHED, metric, kind=ALERT, subject=alert.pk, worse=True, **_facts(metric, level)
    )


def _further(metric: Metric, value: Any, alert: Alert) -> bool:
    """Whether a reading lies further outside than the worst one of this alert."""
    limits = metric.limits
    bounds = limits.critical if alert.level == AlertLevel.CRITICAL else limits.warn

    def beyond(number: Any) -> Any:
        low = bounds.low - number if bounds.low is not None else 0
        high = number - bounds.high if bounds.high is not None else 0
        return max(low, high)

    return bool(beyond(value) > beyond(alert.value))


def _facts(metric: Metric, level: str) -> dict[str, Any]:
    at: dt.datetime | None = metric.last_measured_at
    return {
        "level": str(level),
        "value": plain(metric.last_value),
        "unit": metric.unit,
        "measured_at": at.isoformat() if at else None,
    }


@transaction.atomic
def acknowledge(*, actor: User, alert: Alert, investigator: User, note: str) -> Alert:
    """Say "seen", name who finds out why, and what happens first. Pressing twice is once; the first one counts.

    Errors: NotAllowed, Invalid (no note, an investigator without a role here, a closed alert), Conflict when somebody
    else acknowledged it first.
    """
    metric = lock(alert.metric)
    cast = cast_of(metric.program)
    policies.may_measure(actor, metric, cast).require()
    said = reason(note, "note", "Say what happens first.")
    if investigator.pk not in {person.pk for person in cast.people}:
        raise Invalid("Choose somebody who has a role in this program.", field="investigator")
    row = locked(Alert.objects.filter(pk=alert.pk)).get()
    if row.acknowledged_at is not None:
        if (row.acknowledged_by_id, row.investigator_id, row.note) == (actor.pk, investigator.pk, said):
            return row
        raise Conflict("Somebody acknowledged this first.", current=row.note)
    if row.closed_at is not None:
        raise Invalid("This alert is closed: the readings are back inside.")
    write_acknowledgement(row, metric, actor=actor, investigator=investigator, note=said)
    return row


def write_acknowledgement(row: Alert, metric: Metric, *, actor: User, investigator: User, note: str) -> None:
    """Write down who saw an alert and who finds out why; wherever it was acknowledged, it reads the same.

    For callers that hold the lock on `row`, found it open and unanswered, and decided that `actor` may. Side effect:
    the entry in the record, by which running escalations of the alert stop.
    """
    row.acknowledged_at, row.acknowledged_by = clock.now(), actor
    row.investigator, row.note = investigator, note
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "investigator", "note"])
    record(
        actor.pk,
        Verb.ALERT_ACKNOWLEDGED,
        metric,
        kind=ALERT,
        subject=row.pk,
        level=row.level,
        note=note,
        after=investigator.pk,
    )
