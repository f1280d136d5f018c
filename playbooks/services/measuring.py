"""Gives example and generated programs readings, so that their metrics are alive. Must not touch real programs.

Only metrics that no status rule requires: an example is looked at weeks after it was loaded, and would turn grey.
"""

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from decimal import Decimal

from core import clock
from metrics.domain.batch import Row, rounded
from metrics.enums import ReadingSource
from metrics.models import Metric, Reading
from metrics.services import ingest
from programs.models import Program

# Metric: days between readings, the value it moves around, how far, where it drifts to in a month, and the decimals.
PILOT = {
    "m-live-quality": (7, "98.6", "0.3", "0.8", "0.1"),
    "m-input-drift": (1, "0.06", "0.02", "0.01", "0.01"),
    "m-feed-on-time": (1, "99.4", "0.3", "-0.2", "0.1"),
}
WEEKS = 4


def measure(program: Program) -> None:
    """Store the readings of the last weeks, the newest one measured an hour ago; all of them inside their limits."""
    now, rows = clock.now().replace(minute=0, second=0, microsecond=0) - dt.timedelta(hours=1), list[Row]()
    for slug, (every, middle, swing, drift, step) in PILOT.items():
        for number in range(0, WEEKS * 7, every):
            at = now - dt.timedelta(days=number)
            if at.date() <= program.start_date:
                break
            wave = Decimal(str(round(math.sin(number * 1.7 + len(slug)), 3)))
            value = Decimal(middle) + wave * Decimal(swing) - Decimal(drift) * number / 30
            rows.append(Row(len(rows) + 1, slug, at, rounded(value.quantize(Decimal(step)))))
    known = set(program.metrics.values_list("slug", flat=True))
    ingest(program=program, rows=[row for row in rows if row.metric in known], source=ReadingSource.API)


def last_read(metric: Metric, at: dt.datetime) -> None:
    """Let an unsaved metric of a generated program have been read last at `at`, in the middle of what it shows."""
    if metric.slug in PILOT:
        metric.last_measured_at, metric.last_value = at, Decimal(PILOT[metric.slug][1])


def weekly(metrics: Iterable[Metric]) -> Iterator[Reading]:
    """Unsaved readings, a week apart, up to the newest one of each metric (with its program); none before its start."""
    for metric in metrics:
        at, value = metric.last_measured_at, metric.last_value
        for number in range(WEEKS):
            if at is None or value is None or at.date() <= metric.program.start_date:
                break
            swing = Decimal(PILOT[metric.slug][2]) * (number % 2)
            yield Reading(metric=metric, measured_at=at, value=value + swing, source=ReadingSource.API, received_at=at)
            at -= dt.timedelta(weeks=1)
