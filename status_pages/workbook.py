"""Writes the document of a program or a portfolio as a workbook. Must not know a model.

No cell of it is ever a formula (security.md 6).
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font

Doc = Mapping[str, Any]
Row = tuple[object, ...]
WIDTHS = (34, 18, 60, 28, 24, 28, 16, 16)


def status_workbook(document: Doc) -> bytes:
    """Return the document as an XLSX file: one sheet a panel, numbers as numbers, text as inert text."""
    return _book(_sheets(document))


def portfolio_workbook(document: Doc) -> bytes:
    """Return a portfolio document as an XLSX file: how many stand where, every program, every decision asked."""
    return _book(_portfolio_sheets(document))


def _book(sheets: Iterator[tuple[str, Row, list[Row]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, head, rows in sheets:
        sheet = book.create_sheet(title)
        for number, row in enumerate([head, *rows], start=1):
            for column, value in enumerate(row, start=1):
                _put(sheet.cell(number, column), value, bold=number == 1)
        for letter, width in zip("ABCDEFGH", WIDTHS, strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _put(cell: Cell, value: object, *, bold: bool) -> None:
    """Write one value; a text that begins like a formula stays a text, also when the file is saved again."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.quotePrefix = True
    else:
        cell.value = value
    if bold:
        cell.font = Font(bold=True)


def _portfolio_sheets(doc: Doc) -> Iterator[tuple[str, Row, list[Row]]]:
    totals: list[Row] = [("Portfolio", doc["name"]), ("As of", doc["today"]), ("Programs", doc["total"])]
    totals.append(("Programs listed here", len(doc["rows"])))
    yield "Portfolio", ("Fact", "Value"), [*totals, *((c["word"], c["number"]) for c in doc["counts"])]
    head: Row = ("Program", "Status", "In a sentence", "Day", "Next gate", "Notes", "As of")
    rows: list[Row] = [(r.program, r.word, r.sentence, r.day, r.gate, r.note, r.as_of) for r in doc["rows"]]
    yield "Programs", head, rows
    asks: list[Row] = [(a.program, a.by, a.question, a.silence) for a in doc["asks"]]
    yield "Decisions asked", ("Program", "By", "Question", "If nobody decides"), asks


def _sheets(doc: Doc) -> Iterator[tuple[str, Row, list[Row]]]:
    program, status, ready, risk = doc["program"], doc["status"], doc["readiness"], doc["risk"]
    yield (
        "Status",
        ("Fact", "Value"),
        [
            ("Program", program["name"]),
            ("As of", doc["taken"]["today"]),
            ("Day", program["day"]),
            ("Verdict", doc["verdict"]["sentence"]),
            ("Computed status", status["word"]),
            ("Declared status", status["declared"]["word"] if status["declared"] else ""),
            ("How it is set", status["how"]),
            ("Readiness", ready["points"]),
            ("Weakest dimension", ready["weakest"]),
            ("Average", ready["average"]),
            ("Verified", ready["verified"]),
            ("Must-meets verified", ready["musts_met"]),
            ("Must-meets", ready["musts"]),
            ("Waivers", ready["waivers"]),
            ("Conditions", ready["conditions"]),
            ("Open risks", risk["open"]),
            ("Risks above tolerance", risk["above"]),
            ("Tolerance", risk["tolerance"]),
        ],
    )
    asks: list[Row] = [(a["question"], a["by"] or "", a["silence"], a["recommendation"]) for a in doc["asks"]]
    yield "Decisions asked", ("Question", "By", "If nobody decides", "Recommended"), asks
    yield "Areas", ("Area", "Status", "What is known"), [(a["name"], a["word"], a["sentence"]) for a in doc["areas"]]
    yield (
        "Readiness",
        ("Dimension", "Score", "Verified"),
        [(row["name"], row["points"], row["verified"]) for row in ready["dimensions"]],
    )
    yield (
        "Risks",
        ("Risk", "Score", "In words", "Owner", "Next date"),
        [
            (r["event"], r["score"], r["words"], r["owner"]["name"] or r["owner"]["role"], r["next_date"] or "")
            for r in risk["top"]
        ],
    )
    results: list[Row] = [(r["name"], r["shown"], "", r["target"], r["level"]) for r in doc["results"]]
    yield "Results", ("Metric", "Value", "", "Target", "Limit breached"), results
    yield "Coming up", ("What", "Day"), [(c["title"], c["on"]) for c in doc["coming"]]
