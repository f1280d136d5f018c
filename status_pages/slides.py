"""Writes the document of a program as five slides, a portfolio's as a few. Must not know a model.

Tables and charts are native and can be edited.
"""

from collections.abc import Mapping
from typing import Any

from core.text import shorten
from status_pages.deck import Deck
from status_pages.domain.words import count

Doc = Mapping[str, Any]
A_SLIDE, SLIDES = 6, 4
"""Programs on a slide, and slides of programs: the worst ones are what a meeting talks about."""


def status_slides(document: Doc, *, template: bytes | None = None) -> bytes:
    """Return the document as a PPTX file: verdict, decision, where it stands, readiness, risks.

    `template` is the company's presentation; ours is used without one. Errors: UnusableTemplate.
    """
    deck = Deck(template)
    deck.text(deck.slide(shorten(document["verdict"]["sentence"], 160)), _verdict(document))
    deck.text(deck.slide("Decision needed" if document["asks"] else "No decision needed"), _ask(document))
    areas = [(a["name"], a["word"], shorten(a["sentence"], 200)) for a in document["areas"]]
    head = ("Area", "Status", "What is known")
    deck.table(deck.slide("Where it stands"), head, areas, "Status by area", (1.6, 1.4, 6.0))
    _readiness(deck, document["readiness"])
    risk = document["risk"]
    risks = [(r["score"], shorten(r["words"], 200), r["owner"]["name"] or r["owner"]["role"]) for r in risk["top"]]
    title = f"Top risks: {risk['above']} of {risk['open']} above tolerance {risk['tolerance']}"
    deck.table(deck.slide(title), ("Score", "Risk", "Owner"), risks, "Three worst risks", (0.9, 6.1, 2.0))
    return deck.save()


def portfolio_slides(document: Doc, *, template: bytes | None = None) -> bytes:
    """Return a portfolio document as a PPTX file: where programs stand, what is asked, the worst ones.

    `template` and errors as above.
    """
    deck = Deck(template)
    counts = document["counts"]
    opening = deck.slide(shorten(f"{document['name']}: {document['headline']}", 160))
    if counts:
        said = f"{document['headline']}, as of {document['today']}."
        deck.bars(opening, [c["word"] for c in counts], [("Programs", [c["number"] for c in counts])], said)
    else:
        deck.text(opening, ["Nothing was kept yet."])
    asks = [(a.program, shorten(a.question, 160), a.by) for a in document["asks"][:A_SLIDE]]
    title = count(len(document["asks"]), "decision asked", "decisions asked") if asks else "No decision needed"
    if asks:
        deck.table(deck.slide(title), ("Program", "Question", "By"), asks, "Decisions asked", (2.4, 5.2, 1.4))
    else:
        deck.text(deck.slide(title), ["Nothing waits for the sponsors."])
    rows = [
        (row.program, row.word, shorten(row.sentence, 130), ", ".join(filter(None, (row.day, row.gate))))
        for row in document["rows"][: A_SLIDE * SLIDES]
    ]
    head = ("Program", "Status", "In a sentence", "Where it is")
    for start in range(0, len(rows), A_SLIDE):
        part = rows[start : start + A_SLIDE]
        title = f"Programs {start + 1} to {start + len(part)} of {document['total']}, as of {document['today']}"
        deck.table(deck.slide(title), head, part, title, (2.2, 1.2, 3.8, 1.8))
    return deck.save()


def _verdict(doc: Doc) -> list[str]:
    program, status = doc["program"], doc["status"]
    declared = status["declared"]
    return [
        f"{program['name']}: {status['word']}",
        f"Day {program['day']} of {program['days']}" + (f", {program['next_gate']}" if program["next_gate"] else ""),
        *([f"Declared: {declared['word']}, {shorten(declared['reason'], 160)}"] if status["differs"] else []),
        shorten(status["how"], 300),
        f"As of {doc['taken']['today']}",
    ]


def _ask(doc: Doc) -> list[str]:
    if not doc["asks"]:
        return ["Nothing waits for the sponsor."]
    ask = doc["asks"][0]
    options = [f"{o['name']}{' (recommended)' if o['recommended'] else ''}: {o['effect']}" for o in ask["options"]]
    lines = [ask["question"], *options, f"If nobody decides: {ask['silence']}"]
    more = len(doc["asks"]) - 1
    return [*lines, *([f"By {ask['by']}"] if ask["by"] else []), *([f"Further decisions: {more}"] if more else [])]


def _readiness(deck: Deck, ready: Doc) -> None:
    if not ready["dimensions"]:
        deck.text(deck.slide(_ready(ready)), ["No criterion applies up to the next gate."])
        return
    rows = ready["dimensions"]
    scores = ", ".join(f"{row['name']} {row['points']}" for row in rows)
    series = [("Score", [row["points"] for row in rows]), ("Verified", [row["verified"] for row in rows])]
    said = f"Readiness by dimension, weakest first: {scores}."
    deck.bars(deck.slide(_ready(ready)), [row["name"] for row in rows], series, said)


def _ready(ready: Doc) -> str:
    if ready["points"] is None:
        return "Readiness: no criterion applies"
    return f"Readiness {ready['points']}, weakest: {ready['weakest']} (average {ready['average']})"
