"""Writes a status document as five slides. Must not know a model; tables and chart are native and can be edited.

The template of a company can be used by putting a presentation's path into `template`; its first layouts are taken.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches, Pt

from core.text import shorten

Doc = Mapping[str, Any]
LEFT, TOP, WIDTH, HEIGHT = Inches(0.5), Inches(1.5), Inches(9), Inches(5)
TITLE_ONLY = 5
"""Place of the layout with a title alone in a plain presentation."""


def status_slides(document: Doc, *, template: str | None = None) -> bytes:
    """Return the document as a PPTX file: verdict, decision, where it stands, readiness, risks and what comes."""
    deck = Presentation(template)
    layout = deck.slide_layouts[min(TITLE_ONLY, len(deck.slide_layouts) - 1)]

    def slide(title: str) -> Any:
        made = deck.slides.add_slide(layout)
        made.shapes.title.text = title
        for paragraph in made.shapes.title.text_frame.paragraphs:
            paragraph.font.size = Pt(26)
        return made

    _verdict(slide(shorten(document["verdict"]["sentence"], 160)), document)
    _ask(slide("Decision needed" if document["asks"] else "No decision needed"), document)
    areas = [(a["name"], a["word"], shorten(a["sentence"], 200)) for a in document["areas"]]
    _table(slide("Where it stands"), ("Area", "Status", "What is known"), areas, "Status by area", (1.6, 1.4, 6.0))
    _chart(slide(_ready(document["readiness"])), document["readiness"])
    risk = document["risk"]
    risks = [(r["score"], shorten(r["words"], 200), r["owner"]["name"] or r["owner"]["role"]) for r in risk["top"]]
    title = f"Top risks: {risk['above']} of {risk['open']} above tolerance {risk['tolerance']}"
    _table(slide(title), ("Score", "Risk", "Owner"), risks, "Three worst risks", (0.9, 6.1, 2.0))
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def _verdict(slide: Any, doc: Doc) -> None:
    program, status = doc["program"], doc["status"]
    declared = status["declared"]
    lines = [
        f"{program['name']}: {status['word']}",
        f"Day {program['day']} of {program['days']}" + (f", {program['next_gate']}" if program["next_gate"] else ""),
        *([f"Declared: {declared['word']}, {shorten(declared['reason'], 160)}"] if status["differs"] else []),
        shorten(status["how"], 300),
        f"As of {doc['taken']['today']}",
    ]
    _text(slide, lines)


def _ask(slide: Any, doc: Doc) -> None:
    if not doc["asks"]:
        _text(slide, ["Nothing waits for the sponsor."])
        return
    ask = doc["asks"][0]
    options = [f"{o['name']}{' (recommended)' if o['recommended'] else ''}: {o['effect']}" for o in ask["options"]]
    more = len(doc["asks"]) - 1
    lines = [ask["question"], *options, f"If nobody decides: {ask['silence']}"]
    _text(
        slide, [*lines, *([f"By {ask['by']}"] if ask["by"] else []), *([f"Further decisions: {more}"] if more else [])]
    )


def _ready(ready: Doc) -> str:
    if ready["points"] is None:
        return "Readiness: no criterion applies"
    return f"Readiness {ready['points']}, weakest: {ready['weakest']} (average {ready['average']})"


def _chart(slide: Any, ready: Doc) -> None:
    if not ready["dimensions"]:
        _text(slide, ["No criterion applies up to the next gate."])
        return
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # the library types only parts of itself
    data.categories = [row["name"] for row in ready["dimensions"]]
    data.add_series("Score", [row["points"] for row in ready["dimensions"]])
    data.add_series("Verified", [row["verified"] for row in ready["dimensions"]])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, LEFT, TOP, WIDTH, HEIGHT, data)
    frame.chart.has_legend = True
    scores = ", ".join(f"{row['name']} {row['points']}" for row in ready["dimensions"])
    _describe(frame, f"Readiness by dimension, weakest first: {scores}.")


def _table(
    slide: Any, head: Sequence[str], rows: Sequence[Sequence[object]], said: str, widths: Sequence[float]
) -> None:
    frame = slide.shapes.add_table(len(rows) + 1, len(head), LEFT, TOP, WIDTH, Inches(0.4) * (len(rows) + 1))
    for column, width in enumerate(widths):
        frame.table.columns[column].width = Inches(width)
    for number, row in enumerate([head, *rows]):
        for column, value in enumerate(row):
            cell = frame.table.cell(number, column)
            cell.text = str(value)
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size = Pt(12)
    _describe(frame, f"{said}: {len(rows)} rows.")


def _text(slide: Any, lines: Sequence[str]) -> None:
    box = slide.shapes.add_textbox(LEFT, TOP, WIDTH, HEIGHT)
    box.text_frame.word_wrap = True
    box.text_frame.text = lines[0]
    for line in lines[1:]:
        box.text_frame.add_paragraph().text = line
    for paragraph in box.text_frame.paragraphs:
        paragraph.font.size, paragraph.space_after = Pt(16), Pt(8)
    _describe(box, lines[0])


def _describe(shape: Any, text: str) -> None:
    """Give a shape its alternative text; the library has no call for it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)
