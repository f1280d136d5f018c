"""Draws measured values over time with the band they should lie in. Pure, from plain values to safe markup.

Two pictures: a spark for a tile and a chart for a page. A gap in the readings is a gap in the line, never a flat
stretch. The table with the same numbers stands beside the chart; each picture has a sentence as its name. Must not
query, know a model, or decide what a value means.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 8, 124, 16, 28
SPARK_WIDTH, SPARK_HEIGHT = 240, 56


@dataclass(frozen=True)
class Dot:
    """One value at one moment."""

    at: dt.datetime
    value: float


@dataclass(frozen=True)
class Line:
    """A limit: where it lies, its words beside the picture, and its class (`warn` or `critical`)."""

    value: float
    text: str
    css: str


@dataclass(frozen=True)
class Mark:
    """A moment that matters, drawn as a diamond on the ground line."""

    at: dt.datetime
    text: str


@dataclass(frozen=True)
class Band:
    """Where values should lie; an open end reaches the edge of the picture."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class _Frame:
    """Turns moments and values into places of the picture."""

    start: dt.datetime
    span: float
    low: float
    height: float
    box: tuple[float, float, float, float]

    def x(self, at: dt.datetime) -> float:
        left, _, width, _ = self.box
        return left + width * (at - self.start).total_seconds() / self.span

    def y(self, value: float) -> float:
        _, top, _, height = self.box
        return top + height * (1 - (value - self.low) / self.height)


def spark(dots: Sequence[Dot], band: Band, *, gap: dt.timedelta, label: str) -> SafeString:
    """Draw the newest values small, oldest first, with the band behind them. Empty without values."""
    if not dots:
        return mark_safe("")
    frame = _frame(dots, _ends(band), (4, 6, SPARK_WIDTH - 10, SPARK_HEIGHT - 12))
    drawn = _band(frame, band) + _lines(frame, dots, gap) + _newest(frame, dots[-1], 3.5)
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        SPARK_WIDTH, SPARK_HEIGHT, label, mark_safe(drawn),  # noqa: S308 - numbers only
    )  # fmt: skip


def chart(
    dots: Sequence[Dot],
    band: Band,
    limits: Sequence[Line],
    marks: Sequence[Mark],
    *,
    gap: dt.timedelta,
    label: str,
) -> SafeString:
    """Draw values, oldest first, with band, limit lines and marks inside the time they cover. Empty without values."""
    if not dots:
        return mark_safe("")
    box = (LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
    frame = _frame(dots, [*_ends(band), *(line.value for line in limits)], box)
    seen = [mark for mark in marks if dots[0].at <= mark.at <= dots[-1].at]
    parts = [
        _band(frame, band),
        f'<path class="k-rule" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>',
        *(_limit(frame, line, place) for line, place in zip(limits, _apart(frame, limits), strict=True)),
        _lines(frame, dots, gap),
        _newest(frame, dots[-1], 4.5),
        *(_mark(frame, mark) for mark in seen),
        _day(dots[0].at, LEFT, "start"),
        _day(dots[-1].at, WIDTH - RIGHT, "end"),
    ]
    return format_html(
        '<svg class="series" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT, label, mark_safe("".join(parts)),  # noqa: S308 - numbers, and words escaped here
    )  # fmt: skip


def _ends(band: Band) -> list[float]:
    return [end for end in (band.low, band.high) if end is not None]


def _frame(dots: Sequence[Dot], more: Sequence[float], box: tuple[float, float, float, float]) -> _Frame:
    values = [dot.value for dot in dots] + list(more)
    low, high = min(values), max(values)
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    span = max((dots[-1].at - dots[0].at).total_seconds(), 1.0)
    return _Frame(dots[0].at, span, low - room, high - low + 2 * room, box)


def _band(frame: _Frame, band: Band) -> str:
    if band.low is None and band.high is None:
        return ""
    left, top, width, height = frame.box
    above = frame.y(band.high) if band.high is not None else top
    below = frame.y(band.low) if band.low is not None else top + height
    return f'<rect class="k-band" x="{left}" y="{above:.1f}" width="{width}" height="{max(below - above, 1):.1f}"/>'


def _lines(frame: _Frame, dots: Sequence[Dot], gap: dt.timedelta) -> str:
    """One line per stretch without a gap; a value that stands alone is a dot."""
    stretches: list[list[Dot]] = [[dots[0]]]
    for before, dot in pairwise(dots):
        if dot.at - before.at > gap:
            stretches.append([])
        stretches[-1].append(dot)
    drawn = []
    for stretch in stretches:
        places = [f"{frame.x(dot.at):.1f} {frame.y(dot.value):.1f}" for dot in stretch]
        if len(places) == 1:
            drawn.append(f'<path class="k-single" d="M{places[0]}h0"/>')
        else:
            drawn.append(f'<path class="k-lead" d="M{"L".join(places)}"/>')
    return "".join(drawn)


def _newest(frame: _Frame, dot: Dot, radius: float) -> str:
    return f'<circle class="k-now" cx="{frame.x(dot.at):.1f}" cy="{frame.y(dot.value):.1f}" r="{radius}"/>'


def _apart(frame: _Frame, limits: Sequence[Line]) -> list[float]:
    """Where the words of limits go: beside their line, moved down where two would overlap."""
    order = sorted(range(len(limits)), key=lambda at: frame.y(limits[at].value))
    places = [0.0] * len(limits)
    last = 0.0
    for at in order:
        last = places[at] = max(frame.y(limits[at].value) + 3.5, last + 15)
    return places


def _limit(frame: _Frame, line: Line, place: float) -> str:
    y = frame.y(line.value)
    css = "critical" if line.css == "critical" else "warn"
    return (
        f'<path class="k-{css}" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        f'<text class="k-lab" x="{WIDTH - RIGHT + 6}" y="{place:.1f}">{escape(line.text)}</text>'
    )


def _mark(frame: _Frame, mark: Mark) -> str:
    x, y = frame.x(mark.at), HEIGHT - BOTTOM
    return (
        f'<path class="k-gate" d="M{x:.1f} {y - 6}l6 6-6 6-6-6z"/>'
        f'<text class="k-lab" x="{x:.1f}" y="{HEIGHT - 4}" text-anchor="middle">{escape(mark.text)}</text>'
    )


def _day(at: dt.datetime, x: float, anchor: str) -> str:
    return f'<text class="k-lab" x="{x}" y="{HEIGHT - 4}" text-anchor="{anchor}">{at.day} {at:%b}</text>'
