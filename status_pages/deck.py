"""A presentation to put slides on: ours, or the company's. Must not know what the slides say.

A company's file is opened only after `domain.package` has judged its bytes. Layouts are found by the kinds of their
placeholders, never by name or place: names are in the company's language, and places are its own.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Emu, Inches, Pt

_TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
_FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
_NARROWEST, _LOWEST = Inches(6), Inches(2.5)
ROW = Inches(0.4)


class UnusableTemplate(ValueError):
    """No slides can be made from the file; the text says why, to the person who chose it."""


class Deck:
    """Slides of one presentation, each with a title and the room below it."""

    def __init__(self, template: bytes | None = None) -> None:
        """Open the template, ours when there is none. Errors: UnusableTemplate."""
        self.file = _opened(template)
        self.layout = _layout(self.file)
        self.left, self.top, self.width, self.height = _room(self.file, self.layout)

    def slide(self, title: str) -> Any:
        """Add a slide with a title; placeholders that would stay empty are taken off it."""
        made = self.file.slides.add_slide(self.layout)
        for shape in list(made.placeholders):
            if shape.placeholder_format.type not in _TITLES:
                shape._element.getparent().remove(shape._element)
        made.shapes.title.text = title
        for paragraph in made.shapes.title.text_frame.paragraphs:
            paragraph.font.size = Pt(26)
        return made

    def text(self, slide: Any, lines: Sequence[str]) -> None:
        """Put lines into the room of a slide."""
        box = slide.shapes.add_textbox(self.left, self.top, self.width, self.height)
        box.text_frame.word_wrap = True
        box.text_frame.text = lines[0]
        for line in lines[1:]:
            box.text_frame.add_paragraph().text = line
        for paragraph in box.text_frame.paragraphs:
            paragraph.font.size, paragraph.space_after = Pt(16), Pt(8)
        _describe(box, lines[0])

    def table(
        self, slide: Any, head: Sequence[str], rows: Sequence[Sequence[object]], said: str, widths: Sequence[float]
    ) -> None:
        """Put a native table into the room; `widths` are shares of it."""
        frame = slide.shapes.add_table(len(rows) + 1, len(head), self.left, self.top, self.width, ROW * (len(rows) + 1))
        for column, width in enumerate(widths):
            frame.table.columns[column].width = Emu(int(self.width * width / sum(widths)))
        for number, row in enumerate([head, *rows]):
            for column, value in enumerate(row):
                cell = frame.table.cell(number, column)
                cell.text = str(value)
                for paragraph in cell.text_frame.paragraphs:
                    paragraph.font.size = Pt(12)
        _describe(frame, f"{said}: {len(rows)} rows.")

    def bars(self, slide: Any, names: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], said: str) -> None:
        """Put a native bar chart into the room."""
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]  # the library types only parts of itself
        data.categories = names
        for name, values in series:
            data.add_series(name, values)
        kind = XL_CHART_TYPE.BAR_CLUSTERED
        frame = slide.shapes.add_chart(kind, self.left, self.top, self.width, self.height, data)
        frame.chart.has_legend = True
        _describe(frame, said)

    def save(self) -> bytes:
        """Return the file."""
        out = BytesIO()
        self.file.save(out)
        return out.getvalue()


def try_template(content: bytes) -> str:
    """Make slides from a template once and return the name of the layout used.

    Errors: UnusableTemplate, also when the library fails in any way: a file that fails now must not fail a meeting.
    """
    try:
        deck = Deck(content)
        slide = deck.slide("Title")
        deck.table(slide, ("a", "b"), [("c", "d")], "Table", (1, 2))
        deck.bars(deck.slide("Chart"), ["a"], [("b", [1])], "Chart")
        Deck(deck.save())
    except UnusableTemplate:
        raise
    except Exception as error:
        raise UnusableTemplate("The presentation cannot be opened; it may be damaged.") from error
    return str(deck.layout.name)


def _opened(template: bytes | None) -> Any:
    """The presentation without the slides it came with: a template often shows samples."""
    file: Any = Presentation(BytesIO(template) if template else None)
    listed = file.slides._sldIdLst
    for entry in list(listed):
        file.part.drop_rel(entry.rId)
        listed.remove(entry)
    return file


def _layout(file: Any) -> Any:
    """The layout with a title and the fewest other placeholders; date, footer and number do not count."""
    found = []
    for place, layout in enumerate(file.slide_layouts):
        kinds = [shape.placeholder_format.type for shape in layout.placeholders]
        if _TITLES & set(kinds):
            # A centred title belongs to a cover: taken only when there is nothing else.
            cover = PP_PLACEHOLDER.TITLE not in kinds
            found.append((cover, len(set(kinds) - _TITLES - _FURNITURE), place, layout))
    if not found:
        raise UnusableTemplate("No layout of this presentation has a title, so no slide can be made from it.")
    return min(found, key=lambda entry: entry[:3])[3]


def _room(file: Any, layout: Any) -> tuple[Emu, Emu, Emu, Emu]:
    """Left, top, width and height of what is free below the title. Errors: UnusableTemplate when that is too small."""
    width, height = int(file.slide_width or 0), int(file.slide_height or 0)
    title = next(shape for shape in layout.placeholders if shape.placeholder_format.type in _TITLES)
    margin = width // 20
    below = int(title.top or 0) + int(title.height or 0) + Inches(0.1)
    below = below if below < height // 2 else height // 5  # a title in the middle or below leaves the usual room
    room = height - below - height // 12
    if width - 2 * margin < _NARROWEST or room < _LOWEST:
        raise UnusableTemplate("The slides are too small: below the title there is no room for a table.")
    return Emu(margin), Emu(below), Emu(width - 2 * margin), Emu(room)


def _describe(shape: Any, text: str) -> None:
    """Give a shape its alternative text; the library has no call for it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)
