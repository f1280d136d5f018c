"""What the colour rules look at among a program's metrics. No queries: the ledger holds them. Must not judge."""

import datetime as dt
from typing import TypedDict

from gates.selectors.ledger import Ledger
from metrics.domain.schedule import waiting
from metrics.enums import AlertLevel, Freshness
from phases.enums import LAUNCHING
from programs.domain.localtime import local_date


class MetricFacts(TypedDict):
    """Names of metrics by the rule they are for."""

    metrics_silent: tuple[str, ...]
    metrics_late: tuple[str, ...]
    metrics_breached: tuple[str, ...]


def metric_facts(ledger: Ledger) -> MetricFacts:
    """Which required metrics are silent, which critical alerts are late, and which other alerts are open.

    A metric is expected to report from its first reading on; all required ones from the launch clearance on, since
    monitoring is live from the first production day (S71). Before that, silence says nothing.
    """
    calendar, since = ledger.program.calendar, launched_on(ledger)
    silent = [
        metric.name
        for metric in ledger.metrics
        if metric.required
        and waiting(metric.last_on, ledger.today, metric.frequency, calendar, expected_since=since).freshness
        is Freshness.SILENT
    ]
    late = [m.name for m in ledger.metrics if m.level is AlertLevel.CRITICAL and m.late]
    breached = [m.name for m in ledger.metrics if m.level is not None and m.name not in late]
    return {"metrics_silent": tuple(silent), "metrics_late": tuple(late), "metrics_breached": tuple(breached)}


def launched_on(ledger: Ledger) -> dt.date | None:
    """The day on which the program was cleared to launch (G18), None before."""
    days = [
        local_date(decision.decided_at, ledger.program.time_zone)
        for decision in ledger.standing_decisions()
        if decision.word in LAUNCHING
    ]
    return min(days, default=None)
