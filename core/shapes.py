"""The values that `core.charts` draws, apart from the drawing so that pure modules may build them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StripDay:
    """One day of the strip: its number in the program, items finished, whether something is due or nobody works."""

    number: int
    finished: int = 0
    due: bool = False
    off: bool = False


@dataclass(frozen=True)
class Cell:
    """One criterion as a square: `state` is ok (met), rv (in review), no (sent back) or na (no evidence)."""

    state: str
    must: bool
    label: str
    href: str
