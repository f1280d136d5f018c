"""The metrics of a program as mission control shows them: the four worst that report. No queries, no writes."""

from dataclasses import dataclass

from gates.selectors.ledger import Ledger
from metrics.domain.limits import plain
from metrics.domain.looks import Look, look
from metrics.domain.schedule import waiting
from metrics.selectors.standing import MetricStanding

SHOWN = 4
ORDER = ("red", "amber", "grey", "green")
"""What somebody has to look at comes first; what is not known comes before what is fine."""


@dataclass(frozen=True)
class MetricTile:
    """One metric: its newest value in words (empty before the first), how it looks, and its target."""

    slug: str
    name: str
    value: str
    unit: str
    look: Look
    target: str


@dataclass(frozen=True)
class MetricCard:
    """What the card prints: how many there are, how many never reported, and the worst that did."""

    total: int
    silent: int
    tiles: list[MetricTile]


def metric_card(ledger: Ledger) -> MetricCard:
    """Build the card from what the ledger holds; a metric looks here as it does on its own page."""
    tiles = sorted((_tile(m, ledger) for m in ledger.metrics), key=lambda tile: ORDER.index(tile.look.colour))
    told = [tile for tile in tiles if tile.value]
    return MetricCard(total=len(tiles), silent=len(tiles) - len(told), tiles=told[:SHOWN])


def _tile(metric: MetricStanding, ledger: Ledger) -> MetricTile:
    stands = waiting(metric.last_on, ledger.today, metric.frequency, ledger.program.calendar)
    alert = metric.level is not None
    shown = look(metric.limits, metric.value, stands, alert=alert, investigated=metric.investigated)
    target = metric.limits.target.words
    return MetricTile(metric.slug, metric.name, plain(metric.value), metric.unit, shown, target)
