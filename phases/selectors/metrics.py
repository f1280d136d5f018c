"""What the plan and the metrics tell each other for pages. Must not write."""

import datetime as dt

from metrics.models import Metric
from phases.models import Event
from programs.models import Program


def gate_marks(program: Program) -> list[tuple[dt.date, str]]:
    """Return the days of a program's gates for the charts of its metrics (one query)."""
    rows = Event.objects.filter(program=program, kind="gate").order_by("day")
    return [(due, f"Gate {number}") for number, due in enumerate(rows.values_list("due_date", flat=True), start=1)]


def series_for(program: Program) -> list[Metric]:
    """Return the metrics that may prove a criterion: confirmed, with a reading (one query)."""
    return list(Metric.objects.filter(program=program, confirmed=True, last_measured_at__isnull=False))
