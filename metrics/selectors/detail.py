"""One metric with its readings, alerts and history for its page. Must not write.

Readings come by key, newest first, a page at a time: the last page costs what the first does.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404

from metrics.domain.limits import WORDS, Bounds, Limits, plain
from metrics.enums import Direction
from metrics.models import Alert, ApiToken, LimitChange, Metric, Reading, ReadingImport
from programs.models import Program

CHART = 180
"""Readings in the chart of a page: by number, not by time, so that it costs the same whatever comes in."""
PAGE = 50
PAST_ALERTS = 10
PAST_CHANGES = 10


@dataclass(frozen=True)
class ReadingPage:
    """Some readings, newest first, and the moment before which the older ones lie (None: there are none)."""

    rows: list[Reading]
    older: dt.datetime | None


@dataclass(frozen=True)
class Changed:
    """One change of limits in words."""

    row: LimitChange
    lines: tuple[str, ...]


def find_metric(program: Program, slug: str) -> Metric:
    """Return one metric of a program. Errors: Http404."""
    found = Metric.objects.filter(program=program, slug=slug).select_related("owner_role", "confirmed_by").first()
    if found is None:
        raise Http404("No such metric")
    found.program = program
    return found


def find_alert(metric: Metric, alert_id: int) -> Alert:
    """Return an alert of a metric. Errors: Http404."""
    found = Alert.objects.filter(metric=metric, pk=alert_id).first()
    if found is None:
        raise Http404("No such alert")
    found.metric = metric
    return found


def find_reading(metric: Metric, reading_id: int) -> Reading:
    """Return a reading of a metric. Errors: Http404."""
    found = Reading.objects.filter(metric=metric, pk=reading_id).first()
    if found is None:
        raise Http404("No such reading")
    found.metric = metric
    return found


def find_token(program: Program, token_id: int) -> ApiToken:
    """Return a key of a program. Errors: Http404."""
    found = ApiToken.objects.filter(program=program, pk=token_id).first()
    if found is None:
        raise Http404("No such key")
    found.program = program
    return found


def find_import(program: Program, import_id: int) -> ReadingImport:
    """Return an import of a program without its text. Errors: Http404."""
    rows = ReadingImport.objects.filter(program=program, pk=import_id).select_related("uploaded_by").defer("text")
    found = rows.first()
    if found is None:
        raise Http404("No such import")
    return found


def tokens_of(program: Program) -> list[ApiToken]:
    """Return the keys of a program, living ones first (one query)."""
    rows = ApiToken.objects.filter(program=program).select_related("created_by", "revoked_by")
    return sorted(rows, key=lambda token: token.revoked_at is not None)


def chart_points(metric: Metric) -> list[tuple[dt.datetime, Decimal]]:
    """Return the newest readings, oldest first (one query)."""
    rows = Reading.objects.filter(metric=metric, current=True).order_by("-measured_at")
    return list(rows.values_list("measured_at", "value")[:CHART])[::-1]


def readings_page(metric: Metric, before: dt.datetime | None) -> ReadingPage:
    """Return readings with their sender and what they corrected, newest first, from before a moment (one query)."""
    rows = Reading.objects.filter(metric=metric, current=True).order_by("-measured_at")
    if before is not None:
        rows = rows.filter(measured_at__lt=before)
    listed = list(rows.select_related("entered_by", "token", "corrects")[: PAGE + 1])
    more = len(listed) > PAGE
    return ReadingPage(listed[:PAGE], listed[PAGE - 1].measured_at if more else None)


def alerts_of(metric: Metric) -> list[Alert]:
    """Return the newest alerts, the open one among them, with the people in them (one query)."""
    rows = Alert.objects.filter(metric=metric).select_related("acknowledged_by", "investigator")
    return list(rows[:PAST_ALERTS])


def limit_changes(metric: Metric) -> list[Changed]:
    """Return what the limits were before, newest change first (one query)."""
    rows = LimitChange.objects.filter(metric=metric).select_related("changed_by")[:PAST_CHANGES]
    return [Changed(row, tuple(_lines(row))) for row in rows]


def export_rows(metric: Metric) -> Iterator[tuple[dt.datetime, Decimal, str]]:
    """Yield every current reading, oldest first, without holding them all (one query)."""
    rows = Reading.objects.filter(metric=metric, current=True).order_by("measured_at")
    yield from rows.values_list("measured_at", "value", "note").iterator(chunk_size=5000)


def _lines(row: LimitChange) -> Iterator[str]:
    before, after = _limits(row.before), _limits(row.after)
    for name in ("target", "warn", "critical"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{WORDS[name]}: {old.words or 'none'} → {new.words or 'none'}"
    if before.direction != after.direction:
        yield f"{before.direction.label} → {after.direction.label.lower()}"


def _limits(ends: dict[str, str | None]) -> Limits:
    def bounds(name: str) -> Bounds:
        low, high = ends.get(f"{name}_low"), ends.get(f"{name}_high")
        return Bounds(None if low is None else Decimal(low), None if high is None else Decimal(high))

    return Limits(Direction(ends["direction"] or "higher"), bounds("target"), bounds("warn"), bounds("critical"))


def limit_lines(metric: Metric) -> Sequence[tuple[Decimal, str, str]]:
    """The ends of the warning and critical limits with their words, as the chart draws them."""
    limits = metric.limits
    found: list[tuple[Decimal, str, str]] = []
    for word, css, bounds in (("warning", "warn", limits.warn), ("critical", "critical", limits.critical)):
        found.extend((end, f"{word} {plain(end)}", css) for end in (bounds.low, bounds.high) if end is not None)
    return found
