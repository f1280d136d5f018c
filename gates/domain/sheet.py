"""The shapes a stored document is shown in: sections of facts, tables and texts, for page and PDF alike. Pure.

Page and PDF are drawn from the same values, so they cannot differ. Every date carries its year and every word is made
here, from the document alone: the same document gives the same sheet for ever.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

NOBODY = "nobody"


@dataclass(frozen=True)
class Cell:
    """One cell: text, a smaller line under it, and the shape beside it (green, amber, red, grey or none)."""

    text: str
    sub: str = ""
    mark: str = ""
    code: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under named columns; `numeric` names the columns that line up at the right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()
    kind: str = "table"

    @property
    def headed(self) -> list[list[tuple[str, Cell, bool]]]:
        """Each row as column name, cell and whether it is numeric, for a template."""
        return [
            [(name, cell, at in self.numeric) for at, (name, cell) in enumerate(zip(self.columns, row, strict=True))]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Facts:
    """Names and values side by side."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True)
class Text:
    """A paragraph; `by` says whose words it is, `tone` makes it a notice (red, amber, grey), `big` leads a section."""

    text: str
    by: str = ""
    tone: str = ""
    big: bool = False
    kind: str = "text"


Block = Table | Facts | Text


@dataclass(frozen=True)
class Section:
    """A heading with what belongs under it."""

    slug: str
    title: str
    blocks: tuple[Block, ...]
    aside: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole document for page or PDF."""

    title: str
    subtitle: str
    kind: str
    taken: str
    sections: tuple[Section, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data for the PDF."""
        return asdict(self)


def day(text: object) -> str:
    """A stored date in words, always with its year; empty for none."""
    if not text:
        return ""
    date = dt.date.fromisoformat(str(text))
    return f"{date:%a} {date.day} {date:%b %Y}"


def moment(text: object, zone: str) -> str:
    """A stored instant in words in the program's time zone; empty for none."""
    if not text:
        return ""
    local = dt.datetime.fromisoformat(str(text).replace("Z", "+00:00")).astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def who(person: Mapping[str, Any] | None) -> str:
    """A stored person's name as it was."""
    return str(person["name"]) if person else NOBODY


def sentence(word: object) -> str:
    """A stored word as the beginning of a sentence."""
    text = str(word or "").replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"


def joined(*parts: object) -> str:
    """What is there, with commas between."""
    return ", ".join(str(part) for part in parts if part not in (None, ""))


def facts(*rows: tuple[str, object]) -> Facts:
    """Names and values, without those that are empty."""
    return Facts(tuple((name, str(value)) for name, value in rows if value not in (None, "", [], {})))


def cells(*values: Cell | object) -> tuple[Cell, ...]:
    """A row; what is no cell yet becomes one."""
    return tuple(value if isinstance(value, Cell) else Cell("" if value is None else str(value)) for value in values)


def rows(found: Iterable[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows of a table."""
    return tuple(found)
