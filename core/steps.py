"""Draws a number that holds until it changes, as steps over days, against a limit. Pure, from values to safe markup.

The table with the same numbers stands beside the drawing; the drawing is one picture with a sentence as its name. Must
not query, know a model, or decide what a number means.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 320, 96
LEFT, RIGHT, TOP, BOTTOM = 24, 8, 8, 18


@dataclass(frozen=True)
class Change:
    """The value from a date on."""

    date: dt.date
    value: int


def steps(changes: Sequence[Change], *, until: dt.date, highest: int, limit: int, label: str) -> SafeString:
    """Draw `changes` in order of their dates up to `until`, with `limit` as a dashed line; empty without changes."""
    if not changes:
        return mark_safe("")
    first, span = changes[0].date, max((until - changes[0].date).days, 1)

    def x(date: dt.date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (date - first).days / span

    def y(value: int) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (highest - value) / max(highest, 1)

    moves = f"M{x(first):.1f} {y(changes[0].value):.1f}" + "".join(
        f"H{x(change.date):.1f}V{y(change.value):.1f}" for change in changes[1:]
    )
    parts = [
        f'<path class="k-rule" d="M{LEFT} {y(0):.1f}H{WIDTH - RIGHT}"/>',
        f'<path class="k-beside" d="M{LEFT} {y(limit):.1f}H{WIDTH - RIGHT}"/>',
        f'<text class="k-lab" x="{LEFT - 5}" y="{y(limit) + 4:.1f}" text-anchor="end">{limit}</text>',
        f'<path class="k-lead" d="{moves}H{x(until):.1f}"/>',
        f'<circle class="k-now" cx="{x(until):.1f}" cy="{y(changes[-1].value):.1f}" r="4"/>',
        f'<text class="k-lab" x="{LEFT}" y="{HEIGHT - 3}">{first.day} {first:%b}</text>',
        f'<text class="k-lab" x="{WIDTH - RIGHT}" y="{HEIGHT - 3}" text-anchor="end">{until.day} {until:%b}</text>',
    ]
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT, label, mark_safe("".join(parts)),  # noqa: S308 - numbers and month names only
    )  # fmt: skip
