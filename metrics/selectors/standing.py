"""What the status of a program needs to know of its metrics, as plain values, for many programs at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from metrics.domain.limits import Bounds, Limits
from metrics.enums import AlertLevel, Direction, Frequency
from metrics.models import Alert, Metric
from programs.domain.localtime import local_date

ENDS = ("target_low", "target_high", "warn_low", "warn_high", "critical_low", "critical_high")


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
    slug: str = ""
    unit: str = ""
    value: Decimal | None = None
    ends: tuple[Any, ...] = ()
    """Its direction and the six ends of its limits, as stored; read through `limits`."""
    investigated: bool = True
    """No alert is open, or somebody is named who looks into it."""

    @property
    def limits(self) -> Limits:
        """Its limits as values, made only where somebody looks at them: the portfolio loads thousands."""
        direction, *ends = self.ends
        target, warning, critical = (Bounds(*ends[at : at + 2]) for at in (0, 2, 4))
        return Limits(Direction(direction), target, warning, critical)


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
                slug=metric.slug,
                unit=metric.unit,
                value=metric.last_value,
                ends=(metric.direction, *(getattr(metric, end) for end in ENDS)),
                investigated=alert is None or alert.investigator_id is not None,
            )
        )
    return found
