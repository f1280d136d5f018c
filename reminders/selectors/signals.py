"""What the metrics of a program ask of their owners, as the planner's facts. Must not decide anything."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from metrics.domain.limits import plain
from metrics.domain.schedule import due_after
from metrics.enums import Frequency
from metrics.models import Alert, Metric
from programs.domain.localtime import local_date
from programs.models import Program
from programs.selectors import Cast
from reminders.domain.facts import SignalFacts
from reminders.enums import Kind
from reminders.selectors.rows import Rows


def signals(rows: Rows, cast: Cast) -> tuple[SignalFacts, ...]:
    """Readings that come due and alerts that wait for an acknowledgement.

    A metric that never had a reading is not asked for one: when readings begin is the plan's matter.
    """
    waiting = {alert.metric_id: alert for alert in rows.of(Alert)}
    found = []
    for metric in sorted(rows.of(Metric), key=lambda metric: (metric.position, metric.pk)):
        role = cast.by_id[metric.owner_role_id].slug
        due = _due(rows.program, metric.last_measured_at, metric.frequency)
        found.append(SignalFacts(Kind.METRIC, metric.pk, metric.slug, f"Reading of {metric.name}", due, role))
        alert = waiting.get(metric.pk)
        if alert is not None:
            label = f"{metric.name}: {plain(alert.value)} {metric.unit}, beyond the {alert.level} limit"
            since = local_date(alert.opened_at, rows.program.time_zone)
            found.append(SignalFacts(Kind.ALERT, alert.pk, metric.slug, label, since, role))
    return tuple(found)


def days_of(metrics: Iterable[int], alerts: Iterable[int]) -> dict[tuple[str, int], date | None]:
    """The days of metrics' readings and of alerts that still wait, by kind and id (two queries at most)."""
    found: dict[tuple[str, int], date | None] = {}
    read = Metric.objects.filter(pk__in=metrics, last_measured_at__isnull=False).select_related("program")
    for metric in read:
        found[Kind.METRIC, metric.pk] = _due(metric.program, metric.last_measured_at, metric.frequency)
    waiting: QuerySet[Alert] = Alert.objects.filter(pk__in=alerts, closed_at=None, acknowledged_at=None)
    for alert in waiting.select_related("program"):
        found[Kind.ALERT, alert.pk] = local_date(alert.opened_at, alert.program.time_zone)
    return found


def _due(program: Program, last: object, frequency: str) -> date:
    measured = local_date(last, program.time_zone)  # type: ignore[arg-type]  # null is filtered out by both callers
    return due_after(measured, Frequency(frequency), program.calendar)
