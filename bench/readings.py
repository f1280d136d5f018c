"""The measured steps about readings: taking them in beside a plain COPY, and pages over many of them.

Imported by `bench.steps` after Django is set up. Without HTTP: what is measured is the service and the database.
"""

import io
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client

from metrics.domain.batch import Row
from metrics.enums import ReadingSource
from metrics.models import Metric, Reading
from metrics.services import ingest

BATCH = 10_000
BATCHES = 5
TABLE = "metrics_reading"


def take_in(metric: Metric, now: datetime) -> dict[str, Any]:
    """Readings a second through the service in full batches, sent once and sent again, beside a plain COPY."""
    first = [_row(metric, now, place) for place in range(BATCH * BATCHES)]
    fresh, again = _send(metric, first), _send(metric, first)
    found: dict[str, Any] = {"readings a second": round(fresh), "sent again a second": round(again)}
    if connection.vendor == "postgresql":
        plain = copy(metric, now - timedelta(days=400), BATCH * BATCHES)
        found |= {"plain COPY a second": round(plain), "share of COPY": round(fresh / plain, 2)}
    return found


def fill(metric: Metric, now: datetime, rows: int) -> float:
    """Put `rows` readings under one metric, a minute apart, ending an hour ago; return readings a second."""
    if connection.vendor == "postgresql":
        return copy(metric, now - timedelta(hours=1, minutes=rows), rows)
    started = time.perf_counter()
    since = now - timedelta(hours=1, minutes=rows)
    for start in range(0, rows, BATCH):
        Reading.objects.bulk_create(
            Reading(metric=metric, measured_at=since + timedelta(minutes=n), value=70, source="api", received_at=now)
            for n in range(start, min(rows, start + BATCH))
        )
    return rows / (time.perf_counter() - started)


def copy(metric: Metric, since: datetime, rows: int) -> float:
    """Load rows with COPY, a minute apart from `since` on, indexes in place; return rows a second."""
    columns = "metric_id, measured_at, value, source, received_at, note, current, reason"
    text = io.StringIO()
    for place in range(rows):
        at = (since + timedelta(minutes=place)).isoformat()
        text.write(f"{metric.pk}\t{at}\t70\tapi\t{at}\t\tt\t\n")
    started = time.perf_counter()
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {TABLE} ({columns}) FROM STDIN") as target:
        target.write(text.getvalue())
    return rows / (time.perf_counter() - started)


def pages(client: Client, metric: Metric, look: Callable[[Client, str], dict[str, Any]]) -> dict[str, Any]:
    """The metric page, the metrics of the program and the program page, as `look` measures a page."""
    home = metric.program.get_absolute_url()
    paths = {"metric": metric.get_absolute_url(), "metrics": f"{home}metrics/", "program page": home}
    return {name: look(client, path) for name, path in paths.items()}


def _send(metric: Metric, rows: list[Row]) -> float:
    started = time.perf_counter()
    for start in range(0, len(rows), BATCH):
        ingest(program=metric.program, rows=rows[start : start + BATCH], source=ReadingSource.API)
    return len(rows) / (time.perf_counter() - started)


def _row(metric: Metric, now: datetime, place: int) -> Row:
    return Row(place + 1, metric.slug, now - timedelta(days=300, seconds=place), Decimal("99.7"))
