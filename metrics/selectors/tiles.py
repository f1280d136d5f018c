"""The metrics of a program as its page shows them, in a fixed number of queries at any number of readings.

Must not write. The newest readings of each metric are found through the moment of its n-th newest one, which is a step
in the index, so a million readings cost what a hundred do.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery

from core.series import Band, Dot
from metrics.domain import looks
from metrics.domain.categories import REQUIRED
from metrics.domain.limits import plain
from metrics.domain.schedule import Waiting, waiting
from metrics.enums import Frequency
from metrics.models import Alert, Metric, Reading
from programs.domain.localtime import local_date
from programs.models import Program, Role
from programs.selectors import Cast

SPARK = 24
"""Readings in a tile."""


@dataclass(frozen=True)
class Tile:
    """One metric with its newest readings (oldest first) and its open alert."""

    metric: Metric
    owner: Role
    waiting: Waiting
    look: looks.Look
    alert: Alert | None = None
    points: Sequence[tuple[dt.datetime, Decimal]] = field(default=())

    @property
    def value(self) -> str:
        """The newest value in words, without the unit."""
        return plain(self.metric.last_value)

    @property
    def words(self) -> str:
        """When readings are expected."""
        return looks.waiting_words(self.waiting, Frequency(self.metric.frequency))

    @property
    def target(self) -> str:
        """The target in words, or the playbook's words while it has no number."""
        return self.metric.limits.target.words

    @property
    def sentence(self) -> str:
        """The name of its picture."""
        values = [value for _, value in self.points]
        return looks.series_name(self.metric.name, values, self.metric.unit, self.metric.limits)

    @property
    def dots(self) -> list[Dot]:
        """Its newest readings as the picture takes them."""
        return dots_of(self.points)

    @property
    def band(self) -> Band:
        """Its target as the picture takes it."""
        return band_of(self.metric)

    @property
    def gap(self) -> dt.timedelta:
        """The time without readings after which the line breaks."""
        return looks.GAP[Frequency(self.metric.frequency)]


def tiles_of(program: Program, cast: Cast, today: dt.date) -> list[Tile]:
    """Load every metric of a program for its page (three queries)."""
    nth = Reading.objects.filter(metric=OuterRef("pk"), current=True).order_by("-measured_at")
    metrics = list(
        Metric.objects.filter(program=program).annotate(since=Subquery(nth.values("measured_at")[SPARK - 1 : SPARK]))
    )
    points = _points(metrics)
    alerts = {alert.metric_id: alert for alert in Alert.objects.filter(program=program, closed_at=None)}
    return [tile_of(m, program, cast, today, alerts.get(m.pk), points.get(m.pk, ())) for m in metrics]


def tile_of(
    metric: Metric,
    program: Program,
    cast: Cast,
    today: dt.date,
    alert: Alert | None,
    points: Sequence[tuple[dt.datetime, Decimal]],
) -> Tile:
    """Build the tile of one metric from what is loaded (no queries)."""
    metric.program = program
    stands = standing_in_time(metric, program, today)
    investigated = alert is None or alert.investigator_id is not None
    shown = looks.look(metric.limits, metric.last_value, stands, alert=alert is not None, investigated=investigated)
    return Tile(metric, cast.by_id[metric.owner_role_id], stands, shown, alert, points)


def standing_in_time(metric: Metric, program: Program, today: dt.date) -> Waiting:
    """Say how fresh a metric is on a day of its program."""
    last = local_date(metric.last_measured_at, program.time_zone) if metric.last_measured_at else None
    return waiting(last, today, Frequency(metric.frequency), program.calendar)


def uncovered(tiles: Sequence[Tile]) -> list[tuple[str, str]]:
    """The required kinds without a confirmed metric, each with why: none there, or only examples (S52, S53)."""
    found = []
    for category, words in REQUIRED.items():
        own = [tile.metric for tile in tiles if tile.metric.category == category]
        if not any(metric.confirmed for metric in own):
            found.append((words, "its metrics are examples nobody confirmed" if own else "there is no metric for it"))
    return found


def dots_of(points: Sequence[tuple[dt.datetime, Decimal]]) -> list[Dot]:
    """Readings as pictures take them."""
    return [Dot(at, float(value)) for at, value in points]


def band_of(metric: Metric) -> Band:
    """The target as pictures take it."""
    low, high = metric.target_low, metric.target_high
    return Band(None if low is None else float(low), None if high is None else float(high))


def _points(metrics: Sequence[Metric]) -> dict[int, list[tuple[dt.datetime, Decimal]]]:
    wanted = Q()
    for metric in metrics:
        if metric.last_measured_at is None:
            continue
        since: dt.datetime | None = metric.since  # type: ignore[attr-defined]  # annotated by `tiles_of`
        own = Q(metric=metric.pk)
        wanted |= own & Q(measured_at__gte=since) if since is not None else own
    found: dict[int, list[tuple[dt.datetime, Decimal]]] = {}
    if not wanted:
        # Asked all the same, so that a page costs the same with and without readings.
        wanted = Q(pk__lt=0)
    rows = Reading.objects.filter(wanted, current=True).order_by("measured_at")
    for metric_id, at, value in rows.values_list("metric_id", "measured_at", "value"):
        found.setdefault(metric_id, []).append((at, value))
    return found
