"""Where the outcome's value comes from: what people measured, and readings of a linked metric. Must not write.

The one place that knows the source. A verified measurement is the better proof (grade A), so on the same day it wins
over a reading, and a reading wins over a measurement that nobody has verified; otherwise the newest day counts.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from charter.models import OutcomeMeasurement
from metrics.models import Metric
from metrics.selectors.detail import chart_points
from programs.domain.localtime import local_date
from programs.models import Program


@dataclass(frozen=True)
class Measured:
    """One value of the outcome measure on a day; `verified` means that a second person looked at its proof."""

    on: dt.date
    value: Decimal
    verified: bool
    metric: Metric | None = None
    """The metric whose reading it is; None for a measurement somebody wrote down."""

    @property
    def grade(self) -> str:
        """A for a value that a second person verified, B for one that is only measured."""
        return "A" if self.verified else "B"

    @property
    def weight(self) -> int:
        """Which of several values of a day counts: the highest."""
        return 2 if self.verified else 1 if self.metric is not None else 0


def measurements(program: Program) -> list[OutcomeMeasurement]:
    """Return all measurements, newest first, with the people in them (one query)."""
    rows = OutcomeMeasurement.objects.filter(program=program).select_related("logged_by", "verified_by")
    return list(rows)


def measures(metric: Metric | None, unit: str) -> bool:
    """Whether readings of a metric are values of an outcome in `unit`: percent say nothing about minutes."""
    return metric is not None and metric.unit.strip().casefold() == unit.strip().casefold()


def readings(metric: Metric, program: Program) -> list[Measured]:
    """Return the last reading of each day of a metric that measures the outcome, oldest first (one query)."""
    by_day = {local_date(at, program.time_zone): value for at, value in chart_points(metric)}
    return [Measured(on, value, False, metric) for on, value in by_day.items()]


def values(rows: Sequence[OutcomeMeasurement], read: Sequence[Measured] = ()) -> list[Measured]:
    """Return what the outcome read over time, oldest first; the last one is the value that counts now."""
    taken = [Measured(row.measured_on, row.value, row.verified_by_id is not None) for row in reversed(rows)]
    return sorted([*taken, *read], key=lambda one: (one.on, one.weight))
