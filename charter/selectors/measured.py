"""Where the outcome's value comes from: measurements that people wrote down. Must not write.

The one place that knows the source. A metric that is linked to the outcome and has readings belongs here, not in the
pages or the arithmetic.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from charter.models import OutcomeMeasurement
from programs.models import Program


@dataclass(frozen=True)
class Measured:
    """One value of the outcome measure on a day; `verified` means that a second person looked at its proof."""

    on: dt.date
    value: Decimal
    verified: bool


def measurements(program: Program) -> list[OutcomeMeasurement]:
    """Return all measurements, newest first, with the people in them (one query)."""
    rows = OutcomeMeasurement.objects.filter(program=program).select_related("logged_by", "verified_by")
    return list(rows)


def values(rows: Sequence[OutcomeMeasurement]) -> list[Measured]:
    """Return what the outcome read over time, oldest first; several values of one day keep their order."""
    return [Measured(row.measured_on, row.value, row.verified_by_id is not None) for row in reversed(rows)]
