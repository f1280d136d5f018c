"""Draws a plan as a straight line and what was measured as points on it. Pure, from plain values to safe markup.

The table with the same numbers stands beside the drawing on every page; the drawing itself is one picture with a
sentence as its name. Must not query, know a model, or decide what a number means.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.text import plain_number

WIDTH, HEIGHT = 560, 170
LEFT, RIGHT, TOP, BOTTOM = 64, 10, 12, 24
Point = tuple[dt.date, Decimal]


def planline(*, start: Point, end: Point, points: Sequence[Point], label: str) -> SafeString:
    """Draw the line from `start` to `end` and `points` in order of their days; points outside widen the picture."""
    days = [start[0], end[0], *(day for day, _ in points)]
    values = [start[1], end[1], *(value for _, value in points)]
    first, last, low, high = min(days), max(days), min(values), max(values)
    span, height = max((last - first).days, 1), high - low or Decimal(1)

    def place(point: Point) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (point[0] - first).days / span
        return x, TOP + (HEIGHT - TOP - BOTTOM) * float((high - point[1]) / height)

    marks = "".join(
        f'<path class="k-rule" d="M{LEFT} {place((first, value))[1]:.1f}H{WIDTH - RIGHT}"/>'
        f'<text class="k-lab" x="{LEFT - 6}" y="{place((first, value))[1] + 4:.1f}" text-anchor="end">'
        f"{plain_number(round(value, 2))}</text>"
        for value in sorted({start[1], end[1]})
    )
    plan = _line("k-beside", [place(start), place(end)])
    real = _line("k-lead", [place(point) for point in points])
    dots = "".join(f'<circle class="k-now" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in map(place, points))
    names = "".join(
        f'<text class="k-lab" x="{x}" y="{HEIGHT - 5}" text-anchor="{anchor}">{day.day} {day:%b}</text>'
        for x, anchor, day in ((LEFT, "start", first), (WIDTH - RIGHT, "end", last))
    )
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT, label, mark_safe(marks + plan + real + dots + names),  # noqa: S308 - numbers and month names only
    )  # fmt: skip


def _line(css: str, places: list[tuple[float, float]]) -> str:
    if len(places) < 2:
        return ""
    moves = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return f'<path class="{css}" d="M{moves}"/>'
