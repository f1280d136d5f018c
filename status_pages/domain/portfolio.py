"""The portfolio document: many programs in the few facts a committee reads of each. Pure (S2, S22).

Page, PDF, slides and workbook of a portfolio read this document and nothing else, as those of a program read theirs.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from status_pages.domain.words import LABEL, count, short

ORDER = ("red", "amber", "grey", "green")
Document = dict[str, Any]


@dataclass(frozen=True)
class Ask:
    """A decision asked for in one of the programs."""

    program: str
    question: str
    by: str
    silence: str


@dataclass(frozen=True)
class Line:
    """One program; `day`, `gate` and `note` are words, `as_of` is the day its facts are of."""

    program: str
    colour: str
    word: str
    sentence: str
    day: str
    gate: str
    note: str
    as_of: str
    asks: tuple[Ask, ...] = ()


def line_of(doc: Mapping[str, Any]) -> Line:
    """Return the line of a program's status document, read from JSON."""
    program, status = doc["program"], doc["status"]
    over = program["state"] != "active"
    notes = []
    if status["differs"]:
        notes.append(f"declared {status['declared']['word']}")
    if doc["asks"]:
        notes.append(count(len(doc["asks"]), "decision asked", "decisions asked"))
    if doc["readiness"]["points"] is not None:
        notes.append(f"readiness {doc['readiness']['points']}, weakest {doc['readiness']['weakest']}")
    return Line(
        program=program["name"],
        colour="grey" if over else status["colour"],
        word=program["state"].capitalize() if over else status["word"],
        sentence=doc["verdict"]["sentence"],
        day=f"Day {program['day']} of {program['days']}",
        gate=program["next_gate"],
        note="; ".join(notes),
        as_of=_day(doc["taken"]["today"]),
        asks=tuple(Ask(program["name"], a["question"], _day(a["by"]), a["silence"]) for a in doc["asks"]),
    )


def portfolio_document(
    name: str, lines: Iterable[Line], *, today: dt.date, total: int, colours: Mapping[str, int]
) -> Document:
    """Return the document of some programs; `total` and `colours` count all of them, also those not among `lines`."""
    listed = list(lines)
    return {
        "kind": "portfolio",
        "name": name,
        "today": short(today),
        "total": total,
        "headline": headline(total, colours),
        "counts": [{"colour": c, "word": LABEL[c], "number": colours[c]} for c in ORDER if colours.get(c)],
        "rows": listed,
        "asks": [ask for line in listed for ask in line.asks],
    }


def headline(total: int, colours: Mapping[str, int]) -> str:
    """Say how many programs stand where, worst first."""
    said = count(total, "program", "programs")
    parts = [f"{colours[c]} {LABEL[c].lower()}" for c in ORDER if colours.get(c)]
    return f"{said}: {', '.join(parts)}" if parts else said


def _day(value: str | None) -> str:
    return short(dt.date.fromisoformat(value)) if value else ""
