"""What the status of a program needs to know of its metrics, as plain values, for many programs at once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import FilteredRelation, Q

from metrics.enums import AlertLevel, Frequency
from metrics.models import Metric
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


def standings(zones: Mapping[int, str], now: dt.datetime) -> dict[int, list[MetricStanding]]:
    """Return the metrics of programs by id; `zones` maps each program to its time zone (one query)."""
    rows = Metric.objects.filter(program__in=zones).annotate(
        alert=FilteredRelation("alerts", condition=Q(alerts__closed_at__isnull=True))
    )
    found: dict[int, list[MetricStanding]] = {}
    names = ("program_id", "name", "category_required", "frequency", "last_measured_at")
    of_alert = ("alert__level", "alert__acknowledged_at", "alert__acknowledge_by")
    for program, name, required, frequency, last, level, acknowledged, by in rows.values_list(*names, *of_alert):
        found.setdefault(program, []).append(
            MetricStanding(
                name=name,
                required=required,
                frequency=Frequency(frequency),
                last_on=local_date(last, zones[program]) if last else None,
                level=AlertLevel(level) if level else None,
                late=by is not None and acknowledged is None and by < now,
            )
        )
    return found
