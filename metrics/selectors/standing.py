"""What the status of a program needs to know of its metrics, as plain values, for many programs at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from metrics.enums import AlertLevel, Frequency
from metrics.models import Alert, Metric
from programs.domain.localtime import local_date


@dataclass(frozen=True)
class MetricStanding:
    """One metric: the date of its newest reading in the program's zone, and its open alert."""

    name: str
    required: bool
    frequency: Frequency
    last_on: dt.date | None = None
    level: AlertLevel | None = None
    late: bool = False
    """Nobody acknowledged the alert in time."""


def standings(
    metrics: Iterable[Metric], alerts: Iterable[Alert], zones: Mapping[int, str], now: dt.datetime
) -> dict[int, list[MetricStanding]]:
    """Return the metrics of programs by the program's id, in their order (no query).

    `alerts` are the open ones, one a metric; `zones` maps each program to its time zone.
    """
    of_metric = {alert.metric_id: alert for alert in alerts}
    found: dict[int, list[MetricStanding]] = {}
    for metric in sorted(metrics, key=lambda metric: (metric.position, metric.pk)):
        last, alert = metric.last_measured_at, of_metric.get(metric.pk)
        found.setdefault(metric.program_id, []).append(
            MetricStanding(
                name=metric.name,
                required=metric.category_required,
                frequency=Frequency(metric.frequency),
                last_on=local_date(last, zones[metric.program_id]) if last else None,
                level=AlertLevel(alert.level) if alert else None,
                late=alert is not None and alert.acknowledged_at is None and alert.acknowledge_by < now,
            )
        )
    return found
