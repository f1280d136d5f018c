"""Draws a line over days: one number from 0 to 100, a second fainter one. Pure, from plain values to safe markup.

The table with the same numbers stands beside the drawing on every page; the drawing itself is one picture with a
sentence as its name. Must not query, know a model, or decide what a number means.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 560, 160
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 12, 24


@dataclass(frozen=True)
class Point:
    """One day: the leading number and the one beside it, None where there was nothing to measure."""

    date: dt.date
    value: int | None
    beside: int | None = None


def trend(points: Sequence[Point], *, label: str) -> SafeString:
    """Draw the points in order of their dates; gaps in the days stay gaps in the scale. Empty for fewer than two."""
    if len(points) < 2:
        return mark_safe("")
    first, last = points[0].date, points[-1].date
    span = max((last - first).days, 1)

    def x(point: Point) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (point.date - first).days / span

    def y(value: int) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (100 - value) / 100

    grid = "".join(
        f'<path class="k-rule" d="M{LEFT} {y(at):.1f}H{WIDTH - RIGHT}"/>'
        f'<text class="k-lab" x="{LEFT - 6}" y="{y(at) + 4:.1f}" text-anchor="end">{at}</text>'
        for at in (0, 50, 100)
    )
    beside = _line("k-beside", [(x(p), y(p.beside)) for p in points if p.beside is not None])
    lead = _line("k-lead", [(x(p), y(p.value)) for p in points if p.value is not None])
    newest = next((p for p in reversed(points) if p.value is not None), None)
    dot = f'<circle class="k-now" cx="{x(newest):.1f}" cy="{y(newest.value or 0):.1f}" r="4"/>' if newest else ""
    days = (
        f'<text class="k-lab" x="{LEFT}" y="{HEIGHT - 5}">{first.day} {first:%b}</text>'
        f'<text class="k-lab" x="{WIDTH - RIGHT}" y="{HEIGHT - 5}" text-anchor="end">{last.day} {last:%b}</text>'
    )
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT, label, mark_safe(grid + beside + lead + dot + days),  # noqa: S308 - numbers and month names only
    )  # fmt: skip


def _line(css: str, places: list[tuple[float, float]]) -> str:
    if len(places) < 2:
        return ""
    moves = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return f'<path class="{css}" d="M{moves}"/>'
