"""One document, four outputs, the same numbers; nothing in a file acts (security.md section 6)."""

import dataclasses
import re
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from status_pages.printing import status_pdf
from status_pages.slides import status_slides
from status_pages.views.sheet import sheet
from status_pages.workbook import status_workbook
from tests.status_pages.test_document import READY, UPDATE, a_risk, facts, read


def doc(**changes: Any) -> dict[str, Any]:
    return read(facts(risks=(a_risk(20), a_risk(9, "cost")), update=UPDATE, **changes))


def cells(made: dict[str, Any]) -> list[Any]:
    book = load_workbook(BytesIO(status_workbook(made)))
    return [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]


def slide_text(made: dict[str, Any]) -> str:
    found = []
    for slide in Presentation(BytesIO(status_slides(made))).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if getattr(shape, "has_table", False):
                found += [cell.text for row in shape.table.rows for cell in row.cells]
            if getattr(shape, "has_chart", False):
                found += [str(int(value)) for series in shape.chart.plots[0].series for value in series.values]
    return " ".join(found)


def texts(made: dict[str, Any]) -> dict[str, str]:
    page = re.sub(r"<[^>]+>", " ", render_to_string("status_pages/_sheet.html", sheet(made, before=None, proof="")))
    pdf = PdfReader(BytesIO(status_pdf(made, sha256="0" * 64))).pages
    return {
        "page": " ".join(page.split()),
        "pdf": " ".join(pdf[0].extract_text().split()),
        "slides": " ".join(slide_text(made).split()),
        "workbook": " ".join(str(cell.value) for cell in cells(made)),
    }


def test_four_outputs_show_the_same_numbers() -> None:
    made = doc(readiness=dataclasses.replace(READY, points=37, average=64))
    numbers = ["Late by a week.", "At risk", "37", "64", "20", "Data", "Because c, e: i."]
    missing = {name: [n for n in numbers if n not in text] for name, text in texts(made).items()}
    assert missing == {"page": [], "pdf": [], "slides": [], "workbook": []}


def test_the_outputs_follow_the_document() -> None:
    """The test above is not blind: another number in the document is another number in every output."""
    for text in texts(doc(readiness=dataclasses.replace(READY, points=71, average=83))).values():
        assert "71" in text
        assert "83" in text


def test_five_slides_with_native_table_chart_and_spoken_shapes() -> None:
    slides = list(Presentation(BytesIO(status_slides(doc()))).slides)
    shapes = [shape for slide in slides for shape in slide.shapes]
    assert len(slides) == 5
    assert sum(bool(getattr(shape, "has_table", False)) for shape in shapes) == 2
    assert sum(bool(getattr(shape, "has_chart", False)) for shape in shapes) == 1
    drawn = [shape for shape in shapes if not shape.is_placeholder]
    assert all(shape._element.xpath(".//p:cNvPr")[0].get("descr") for shape in drawn)


def test_p21_no_cell_is_a_formula() -> None:
    evil = '=HYPERLINK("http://evil.example","x")'
    made = doc()
    made["verdict"]["sentence"] = evil
    made["risk"]["top"][0]["words"] = "+1+1"
    made["areas"][0]["sentence"] = "@SUM(A1)\x00"
    found = cells(made)
    assert {cell.data_type for cell in found} <= {"s", "n"}
    assert evil in [cell.value for cell in found]
    again = BytesIO()
    load_workbook(BytesIO(status_workbook(made))).save(again)
    resaved = [cell for page in load_workbook(again) for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in resaved if cell.value is not None} <= {"s", "n"}
