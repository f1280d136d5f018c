"""Sets the document of a program or a portfolio as one page of PDF with typst. Must not know a model.

Text of people reaches typst only inside data.json, never inside markup. Fonts are those shipped with the gate pack;
nothing is loaded from a network.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from core.text import shorten
from gates.printing import FONTS, NO_GLYPH

FOLDER = Path(__file__).resolve().parent / "typst"
LIVE = "The live page may be newer than this sheet."
PROGRAMS, FEWEST, ASKS = 20, 6, 4
"""What of a portfolio goes on its page: programs at most, and what fits in any case; decisions asked."""


def status_pdf(document: Mapping[str, Any], *, sha256: str) -> bytes:
    """Return the document as a tagged PDF/UA-1 file of one page.

    Text in a script that no shipped font has is set as plain tagged PDF with blanks there, and the sheet says so.
    Errors: typst.TypstError for a broken template.
    """
    return _set("status.typ", {**_cut(document), "hash": f"SHA-256 {sha256[:16]}…"})


def portfolio_pdf(document: Mapping[str, Any]) -> bytes:
    """Return a portfolio document as a tagged PDF/UA-1 file of one page: as many of the worst programs as fit.

    Else as above.
    """
    found = _portfolio(document, PROGRAMS)
    for programs in range(PROGRAMS, FEWEST, -2):
        found = _portfolio(document, programs)
        if _is_one_page("portfolio.typ", found):
            break
    return _set("portfolio.typ", found)


def _portfolio(document: Mapping[str, Any], programs: int) -> dict[str, Any]:
    rows, asks = document["rows"][:programs], document["asks"][:ASKS]
    return {
        "name": shorten(document["name"], 80),
        "today": document["today"],
        "headline": document["headline"],
        "asks": [
            {
                "program": shorten(a.program, 60),
                "question": shorten(a.question, 150),
                "by": a.by,
                "silence": shorten(a.silence, 110),
            }
            for a in asks
        ],
        "more_asks": len(document["asks"]) - len(asks),
        "rows": [
            {
                **asdict(row),
                "program": shorten(row.program, 60),
                "sentence": shorten(row.sentence, 130),
                "note": shorten(row.note, 80),
                "gate": shorten(row.gate, 40),
            }
            for row in rows
        ],
        "more": document["total"] - len(rows),
    }


def _is_one_page(template: str, data: dict[str, Any]) -> bool:
    """Whether a sheet fits; drawing it as a picture says so, a PDF would have to be read for it."""
    drawn = typst.compile(  # type: ignore[call-overload]  # as below
        _files(template, {**data, "note": LIVE}), format="svg", font_paths=[str(FONTS)], ignore_system_fonts=True
    )
    return not isinstance(drawn, list)


def _set(template: str, data: dict[str, Any]) -> bytes:
    try:
        return _compile(template, {**data, "note": LIVE}, standards=["ua-1"])
    except typst.TypstError as error:
        if NO_GLYPH not in str(error):
            raise
    return _compile(template, {**data, "note": f"{LIVE} Some characters have no font here."}, standards=[])


def _compile(template: str, data: dict[str, Any], *, standards: list[str]) -> bytes:
    made = typst.compile(  # type: ignore[call-overload]  # the stub leaves out dictionaries of files
        _files(template, data), format="pdf", font_paths=[str(FONTS)], ignore_system_fonts=True, pdf_standards=standards
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _files(template: str, data: dict[str, Any]) -> dict[str, bytes]:
    return {
        "main.typ": (FOLDER / template).read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }


def _cut(document: Mapping[str, Any]) -> dict[str, Any]:
    """Shorten people's texts so that everything keeps to one page; numbers are never touched."""
    ask = document["asks"][0] if document["asks"] else None
    if ask is not None:
        options = [
            {**o, "name": shorten(o["name"], 60), "effect": shorten(o["effect"], 110)} for o in ask["options"][:2]
        ]
        ask = {**ask, "question": shorten(ask["question"], 160), "silence": shorten(ask["silence"], 140)}
        ask["options"], ask["by"] = options, _day(ask["by"])
    risks = [
        {**risk, "words": shorten(risk["words"], 230), "next_date": _day(risk["next_date"])}
        for risk in document["risk"]["top"]
    ]
    return {
        "program": document["program"],
        "status": {**document["status"], "how": shorten(document["status"]["how"], 260)},
        "verdict": shorten(document["verdict"]["sentence"], 220),
        "way_back": _way(document["verdict"]["way_back"]),
        "today": _day(document["taken"]["today"]),
        "ask": ask,
        "more_asks": max(0, len(document["asks"]) - 1),
        "areas": [{**a, "sentence": shorten(a["sentence"], 170)} for a in document["areas"]],
        "readiness": document["readiness"],
        "risk": {**document["risk"], "top": risks},
        "results": [{**r, "name": shorten(r["name"], 44)} for r in document["results"][:6]],
        "coming": [{"on": _day(c["on"]), "title": shorten(c["title"], 70)} for c in document["coming"][:5]],
    }


def _way(way: Mapping[str, Any] | None) -> str:
    if not way:
        return ""
    owner = way["owner"]["name"] or way["owner"]["role"]
    return f"{shorten(way['text'], 120)}, {owner}, {_day(way['on'])}"


def _day(value: str | None) -> str:
    if not value:
        return ""
    on = dt.date.fromisoformat(value)
    return f"{on:%a} {on.day} {on:%b}"
