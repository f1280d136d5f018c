"""Draws the pictures: day strip, progress track, criterion cells. Pure functions from plain values to safe markup.

Colours come from style-sheet classes, so dark mode works and no `style` attribute is needed (strict
Content-Security-Policy). Must not query, know a model, or decide what a state means.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.shapes import Cell, StripDay

BASE = 98  # y of the ground line in a strip, in view-box units
STEP = 10  # width of one day
TALLEST = 78.0  # height of the fullest day; today's bar is a little taller
GATE_STATES = ("done", "late", "next", "")


def day_strip(days: Sequence[StripDay], *, today: int, gate: str, label: str, fullest: int = 7) -> SafeString:
    """Draw one phase as one bar per day; today stands up, the phase's gate is the diamond at the end.

    `today` is the program's day number (may lie outside `days`), `gate` one of `GATE_STATES`, `label` the sentence a
    screen reader gets, `fullest` the highest number of finished items on one day of the whole program.
    """
    if not days:
        return mark_safe("")
    scale = min(8.8, (TALLEST - 5) / max(fullest, 1))
    past: list[str] = []
    zero: list[str] = []
    ahead: list[str] = []
    dots: list[str] = []
    marks: list[str] = []
    for index, day in enumerate(days):
        x = index * STEP + 5
        if day.number == today:
            text_x = min(max(x, 16), len(days) * STEP - 4)
            marks.append(
                f'<rect class="k-today" x="{x - 2.5}" y="16" width="5" height="{BASE - 16}" rx="2.5"/>'
                f'<text class="k-txt" x="{text_x}" y="11" text-anchor="middle">Today</text>'
            )
        elif day.number < today and day.finished:
            past.append(f"M{x} {BASE}V{BASE - 5 - day.finished * scale:.1f}")
        elif day.number < today:
            zero.append(f"M{x} {BASE}v-2.5")
        else:
            ahead.append(f"M{x} {BASE}v-{3 if day.off else 6}")
        if day.due and day.number > today:
            dots.append(f"M{x} 84h0")
    width = len(days) * STEP
    labels = [(0, f"Day {days[0].number}", "start")]
    labels += [(i * STEP + 5, str(d.number), "middle") for i, d in enumerate(days[:-3]) if d.number % 10 == 0 and i > 3]
    labels.append((width + 4, str(days[-1].number), "middle"))
    texts = "".join(
        f'<text class="k-lab" x="{x}" y="115" text-anchor="{anchor}">{text}</text>' for x, text, anchor in labels
    )
    parts = [
        f'<path class="k-base" d="M0 {BASE}.5H{width}" stroke-width="1"/>',
        _path("k-past", past),
        _path("k-zero", zero),
        _path("k-fut", ahead),
        _path("k-due", dots),
        *marks,
        _diamond(width + 4, 97, 8, gate if gate in GATE_STATES else ""),
        texts,
    ]
    idle = "" if any(d.number <= today for d in days) else " idle"
    return format_html(
        '<svg class="strip{}" viewBox="0 0 {} 118" role="img" aria-label="{}">{}</svg>',
        idle, width + 12, label, mark_safe("".join(parts)),  # noqa: S308 - numbers only
    )  # fmt: skip


def _path(css: str, moves: list[str]) -> str:
    return f'<path class="{css}" d="{"".join(moves)}"/>' if moves else ""


def _diamond(x: float, y: float, r: float, state: str) -> str:
    drawn = f'<path class="k-gate {state}" d="M{x} {y - r}l{r} {r}-{r} {r}-{r}-{r}z"/>'
    if state == "done" and r > 6:  # too small for a tick otherwise
        drawn += f'<path class="k-chk" d="M{x - 3.4} {y + 0.2}l2.4 2.4 4.4-4.8"/>'
    return drawn


def progress_track(*, day: int, days: int, gates: Iterable[tuple[int, str]], label: str) -> SafeString:
    """Draw a thin line of `days` days with `day` reached and `(day, state)` gates as diamonds."""
    width = 200.0
    reached = width * min(max(day, 0), days) / max(days, 1)
    marks = "".join(_diamond(round(width * at / max(days, 1), 1), 7, 4.5, state) for at, state in gates)
    rail = f'<path class="k-rail" d="M0 7H{width:.0f}"/>'
    gone = f'<path class="k-gone" d="M0 7H{reached:.1f}"/>' if reached else ""
    here = f'<circle class="k-today" cx="{reached:.1f}" cy="7" r="3.6"/>' if 0 < day <= days else ""
    return format_html(
        '<svg class="progress" viewBox="-2 0 208 14" preserveAspectRatio="xMinYMid" role="img"'
        ' aria-label="{}">{}</svg>',
        label, mark_safe(rail + gone + marks + here),  # noqa: S308 - numbers only
    )  # fmt: skip


CELL_ICON = {"ok": "check", "rv": "half", "no": "x", "na": ""}


def criterion_cells(cells: Iterable[Cell]) -> SafeString:
    """Draw criteria as linked squares; the name of each link says the criterion and its state in words."""
    return format_html_join(
        "",
        '<a class="cell {}" href="{}" title="{}">{}</a>',
        ((f"{c.state} must" if c.must else c.state, c.href, c.label, _cell_icon(c.state)) for c in cells),
    )


@lru_cache(maxsize=8)
def _cell_icon(state: str) -> SafeString:
    name = CELL_ICON.get(state, "")
    return mark_safe(f'<svg class="ico" aria-hidden="true"><use href="#i-{name}"/></svg>' if name else "")  # noqa: S308 - fixed words
