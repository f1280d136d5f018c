"""Production metrics: the newest reading against the target, as facts. Must not judge: a breach is the alert's word."""

from decimal import Decimal

from core import clock
from metrics.domain.schedule import waiting
from metrics.enums import Frequency
from metrics.models import Alert, Metric
from programs.domain.localtime import local_date
from programs.models import Program
from status_pages.domain.facts import ResultFacts
from status_pages.domain.words import number


def results_of(program: Program) -> tuple[ResultFacts, ...]:
    """Every metric with its newest reading and the level of its open alert (two queries)."""
    today = clock.today(program.time_zone)
    alerts = {alert.metric_id: alert for alert in Alert.objects.filter(program=program, closed_at=None)}
    found = []
    for metric in Metric.objects.filter(program=program):
        measured = local_date(metric.last_measured_at, program.time_zone) if metric.last_measured_at else None
        alert = alerts.get(metric.pk)
        found.append(
            ResultFacts(
                key=metric.slug,
                name=metric.name,
                unit=metric.unit,
                target=target_words(metric.target_low, metric.target_high, metric.unit),
                value=metric.last_value,
                measured=measured,
                level=alert.level if alert else "",
                path=f"metrics/{metric.slug}/",
                category=metric.category,
                reports=waiting(measured, today, Frequency(metric.frequency), program.calendar).is_known,
            )
        )
    return tuple(found)


def target_words(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """Write a target: "60 % or more", "5 min or less", "2 to 4 h"."""
    if low is not None and high is not None:
        return f"{number(low)} to {number(high)} {unit}".rstrip()
    if low is not None:
        return f"{number(low)} {unit}".rstrip() + " or more"
    return f"{number(high)} {unit}".rstrip() + " or less" if high is not None else "no target set"
