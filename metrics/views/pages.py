"""The metrics of a program, one metric with its readings, and its readings as a file."""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core import clock
from core.htmx import render_page
from core.series import Line, Mark, chart, spark
from metrics import forms, policies
from metrics.domain.batch import looks_like_formula
from metrics.domain.limits import plain
from metrics.marks import marks_of
from metrics.models import Metric
from metrics.selectors import detail
from metrics.selectors.tiles import Tile, tile_of, tiles_of, uncovered
from metrics.views._shared import Place, place
from programs.domain.localtime import local_instant
from programs.models import Program

NOON = 12
WORDS = {"red": "to act on", "amber": "to watch", "grey": "not known", "green": "on target"}


@require_safe
def metrics(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show every metric as a tile, worst first, and which required kinds are missing (S51-S54)."""
    at = place(request, program_slug)
    tiles = tiles_of(at.program, at.cast, clock.today(at.program.time_zone))
    order = ("red", "amber", "grey", "green")
    listed = sorted(tiles, key=lambda tile: order.index(tile.look.colour))
    context = {
        "program": at.program,
        "tab": "metrics",
        "tiles": [(tile, spark(tile.dots, tile.band, gap=tile.gap, label=tile.sentence)) for tile in listed],
        "counts": [_count(tiles, colour) for colour in order],
        "examples": sum(not tile.metric.confirmed for tile in tiles),
        "uncovered": uncovered(tiles),
        "may_define": policies.may_define(at.actor, at.cast),
        "may_import": policies.may_import(at.actor, at.cast, [tile.metric for tile in tiles]),
        "may_connect": policies.may_connect(at.actor, at.cast),
    }
    return render_page(request, "metrics/metrics.html", context, partial="metrics")


@require_safe
def metric(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show one metric: where it stands, its chart and the same numbers as a table, alerts, limits and their history."""
    at = place(request, program_slug)
    return show_metric(at, detail.find_metric(at.program, slug), {})


def show_metric(
    at: Place, found: Metric, bound: Mapping[str, Form], status: int = 200, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Draw the page of a metric; `bound` holds forms as they came in. Seven queries for the metric itself."""
    now = clock.now()
    alerts = detail.alerts_of(found)
    open_ = next((alert for alert in alerts if alert.closed_at is None), None)
    points = detail.chart_points(found)
    tile = tile_of(found, at.program, at.cast, clock.today(at.program.time_zone), open_, points)
    may_measure = policies.may_measure(at.actor, found, at.cast)
    people = at.cast.people
    context = {
        "program": at.program,
        "tab": "metrics",
        "metric": found,
        "tile": tile,
        "chart": _chart(tile, at.program),
        "page": detail.readings_page(found, _before(at.request)),
        "paged": "before" in at.request.GET,
        "alerts": alerts,
        "alert": open_,
        "late": open_ is not None and open_.acknowledged_at is None and open_.acknowledge_by < now,
        "changes": detail.limit_changes(found),
        "may_measure": may_measure,
        "may_change": policies.may_change(at.actor, found, at.cast),
        "may_confirm": policies.may_confirm(at.actor, found, at.cast),
        "reading_form": bound.get("reading") or forms.ReadingForm(zone=at.program.time_zone, now=now),
        "confirm_form": bound.get("confirm") or forms.ConfirmForm(initial={"version": found.version}),
        "acknowledge_form": bound.get("acknowledge")
        or forms.AcknowledgeForm(people=people, initial={"investigator": at.actor.pk}),
        "here": found.get_absolute_url(),
        **(more or {}),
    }
    return render_page(at.request, "metrics/metric.html", context, partial="metric", status=status)


@require_safe
def export(request: HttpRequest, program_slug: str, slug: str) -> HttpResponseBase:
    """Send every reading as CSV, in the form the import takes; text that a spreadsheet would run is made harmless."""
    at = place(request, program_slug)
    found = detail.find_metric(at.program, slug)
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.csv"'
    return response


def _count(tiles: list[Tile], colour: str) -> tuple[str, str, int]:
    """How many metrics have a colour, in words: a colour never stands alone."""
    count = sum(tile.look.colour == colour for tile in tiles)
    return colour, f"{count} {WORDS[colour]}", count


class _Echo:
    """Hands back what a writer writes, so that no file has to be kept."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def _lines(found: Metric) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_NONNUMERIC)
    yield writer.writerow(["metric", "measured_at", "value", "unit", "note"])
    unit = _harmless(found.unit)
    for at, value, note in detail.export_rows(found):
        cell = plain(value)
        yield writer.writerow([found.slug, at.isoformat(), _Number(cell), unit, _harmless(note)])


class _Number(float):
    """A number that is written as it reads, not as a float would: quoted numbers are no numbers to a spreadsheet."""

    def __new__(cls, text: str) -> "_Number":
        """Keep the text beside the float."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__


def _harmless(text: str) -> str:
    return f"'{text}" if looks_like_formula(text) else text


def _before(request: HttpRequest) -> dt.datetime | None:
    """The moment before which older readings are asked for; nonsense means the newest ones."""
    try:
        at = dt.datetime.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _chart(tile: Tile, program: Program) -> str:
    lines = [Line(float(value), words, css) for value, words, css in detail.limit_lines(tile.metric)]
    marks = [Mark(local_instant(day, NOON, program.time_zone), text) for day, text in marks_of(program)]
    return chart(tile.dots, tile.band, lines, marks, gap=tile.gap, label=tile.sentence)
