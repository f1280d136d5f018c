"""What the status of a program needs to know of its metrics, as plain values, for many programs at once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import FilteredRelation, Q

from metrics.domain.limits import Bounds, Limits
from metrics.enums import AlertLevel, Direction, Frequency
from metrics.models import Metric
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


def standings(zones: Mapping[int, str], now: dt.datetime) -> dict[int, list[MetricStanding]]:
    """Return the metrics of programs by id; `zones` maps each program to its time zone (one query)."""
    rows = Metric.objects.filter(program__in=zones).annotate(
        alert=FilteredRelation("alerts", condition=Q(alerts__closed_at__isnull=True))
    )
    found: dict[int, list[MetricStanding]] = {}
    names = ("program_id", "name", "category_required", "frequency", "last_measured_at", "slug", "unit", "last_value")
    of_alert = ("alert__level", "alert__acknowledged_at", "alert__acknowledge_by", "alert__investigator_id")
    for row in rows.values_list(*names, *of_alert, "direction", *ENDS):
        program, name, required, frequency, last, slug, unit, value, level, acknowledged, by, who, *limits = row
        found.setdefault(program, []).append(
            MetricStanding(
                name=name,
                required=required,
                frequency=Frequency(frequency),
                last_on=local_date(last, zones[program]) if last else None,
                level=AlertLevel(level) if level else None,
                late=by is not None and acknowledged is None and by < now,
                slug=slug,
                unit=unit,
                value=value,
                ends=tuple(limits),
                investigated=level is None or who is not None,
            )
        )
    return found
