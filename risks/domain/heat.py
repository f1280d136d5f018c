"""Lays scores out as a heat map: rows of cells that know where a press on them leads. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from risks.domain.scale import Scale

WORDS = {1: "Rare", 2: "Unlikely", 3: "Possible", 4: "Likely", 5: "Certain"}
"""Words for the steps of likelihood on the usual scale of five; another scale shows its numbers."""


@dataclass(frozen=True)
class HeatCell:
    """One cell: how many risks lie in it, its colour step, and where a press leads (empty when none lies in it)."""

    count: int
    shade: int
    href: str
    label: str
    current: bool


def heat_map(
    scores: Iterable[tuple[int, int]],
    scale: Scale,
    link: Callable[[tuple[int, int] | None], str],
    chosen: tuple[int, int] | None = None,
) -> list[tuple[int, str, list[HeatCell]]]:
    """Lay out (likelihood, impact) pairs; return rows, likeliest first: step, word and cells by impact.

    `link` gives the address of a cell; a press on the chosen one shows all again.
    """
    found = Counter(scores)
    rows = []
    for likelihood in reversed(scale.steps):
        cells = []
        for impact in scale.steps:
            place, score = (likelihood, impact), likelihood * impact
            count, current = found[place], place == chosen
            words = f"{count} {scale.band(score)} risk{'' if count == 1 else 's'}"
            label = f"{words}, likelihood {likelihood}, impact {impact}"
            if current:
                label += ", shown now; show all"
            href = link(None if current else place) if count else ""
            cells.append(HeatCell(count, scale.shade(score), href, label, current))
        word = WORDS.get(likelihood, "") if (scale.minimum, scale.maximum) == (1, 5) else ""
        rows.append((likelihood, word, cells))
    return rows


def legend(scale: Scale) -> list[tuple[int, str, int, int]]:
    """Return the bands for the key: colour step, name, lowest and highest score."""
    return [(scale.shade(low), name, low, high) for name, (low, high) in scale.bands.items()]
