"""The company's slide template: what is taken, what is refused and why, what slides are made from it (issue 5, P21)."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pptx import Presentation
from pptx.util import Inches

from activity.models import Entry
from status_pages.deck import Deck, UnusableTemplate, try_template
from status_pages.domain.package import BYTES, Unfit, check_package
from status_pages.models import SlideTemplate
from status_pages.slides import status_slides
from tests.factories import sign_in
from tests.gates.world import World
from tests.status_pages.test_files import doc

PAGE = reverse("slide_template")


def company(change: Callable[[Any], None] = lambda deck: None) -> bytes:
    """A presentation of somebody's company: wide, with a sample slide, renamed layouts and a title further down."""
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = "Sample of Nordwind"
    for number, layout in enumerate(deck.slide_layouts):
        layout.name = f"Nordwind {number}"
    change(deck)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def repacked(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part changed, or added when it was not there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return out.getvalue()


def untitled(deck: Any) -> None:
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.idx == 0:
                shape._element.getparent().remove(shape._element)


TYPES, RELS = "[Content_Types].xml", "ppt/_rels/presentation.xml.rels"
MAIN, ENTITY = b"presentation.main", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'
OUTSIDE = b'<Relationship Id="rX" Type="http://x/image" Target="http://evil.example/a.png" TargetMode="External"/></R'
REFUSED = {
    "larger than 5 MB": lambda: b"PK\x03\x04" + b"0" * BYTES,
    "no PowerPoint file": lambda: b"<html>",
    "damaged or encrypted": lambda: company()[:3000],
    "holds macros": lambda: repacked(company(), TYPES, lambda x: x.replace(MAIN, b"macroEnabled.main")),
    "no presentation (.pptx)": lambda: repacked(company(), TYPES, lambda x: x.replace(MAIN, b"template.main")),
    "can run": lambda: repacked(company(), "ppt/vbaProject.bin", lambda _: b"x"),
    "unpacks to more": lambda: repacked(company(), "ppt/media/big.png", lambda _: b"0" * (61 * 1024 * 1024)),
    "defines entities": lambda: repacked(company(), "ppt/x.xml", lambda _: ENTITY.encode("utf-16")),
    "from outside": lambda: repacked(company(), RELS, lambda x: x.replace(b"</R", OUTSIDE)),
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_p21_a_file_that_is_more_than_slides_is_refused_with_the_reason(reason: str) -> None:
    with pytest.raises(Unfit) as refusal:
        check_package(REFUSED[reason]())
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("plain", "disguised"),
    [
        (b'"External"', b'"&#69;xternal"'),
        (b"evil.example/a.png", b"evil.example/hyperlink"),
        (b'Id="rX"', b'Id="r>X"'),
        (b"<Relationship ", b"<a-b:Relationship xmlns:a-b='http://x' "),
    ],
)
def test_p21_what_comes_from_outside_is_found_in_every_spelling(plain: bytes, disguised: bytes) -> None:
    hidden = OUTSIDE.replace(plain, disguised)
    assert hidden != OUTSIDE
    with pytest.raises(Unfit, match="from outside"):
        check_package(repacked(company(), RELS, lambda part: part.replace(b"</R", hidden)))


def test_p21_relations_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(Unfit, match="damaged"):
        check_package(repacked(company(), RELS, lambda _: b"<Relationships"))


def test_a_plain_presentation_is_taken_and_so_is_one_with_a_link_to_click() -> None:
    linked = OUTSIDE.replace(b"http://x/image", b"http://x/hyperlink")
    check_package(company())
    check_package(repacked(company(), RELS, lambda part: part.replace(b"</R", linked)))


def test_slides_take_the_companys_size_and_layout_found_by_its_placeholders() -> None:
    content = company()
    made = Presentation(io.BytesIO(status_slides(doc(), template=content)))
    slides = list(made.slides)
    assert try_template(content) == "Nordwind 5"  # a title and nothing else, whatever it is called
    assert (made.slide_width, len(slides)) == (Inches(13.333), 5)
    assert slides[0].shapes.title.text == "Late by a week."
    assert "Sample of Nordwind" not in str([s.shapes.title.text for s in slides])
    for shape in (shape for slide in slides for shape in slide.shapes if not shape.is_placeholder):
        assert shape.left + shape.width <= made.slide_width
        assert shape.top >= slides[0].slide_layout.placeholders[0].top + slides[0].slide_layout.placeholders[0].height


def test_a_layout_with_more_than_a_title_leaves_no_empty_placeholder() -> None:
    def only_bullets(deck: Any) -> None:
        for layout in list(deck.slide_layouts)[2:]:
            deck.slide_layouts.remove(layout)

    deck = Deck(company(only_bullets))
    slide = deck.slide("A title")
    assert deck.layout.name == "Nordwind 1"
    assert [shape.placeholder_format.idx for shape in slide.placeholders] == [0]


def small(deck: Any) -> None:
    deck.slide_width = Inches(4)


@pytest.mark.parametrize(("change", "reason"), [(untitled, "has a title"), (small, "too small")])
def test_a_presentation_without_a_usable_layout_is_refused_clearly(change: Callable[[Any], None], reason: str) -> None:
    with pytest.raises(UnusableTemplate, match=reason):
        try_template(company(change))


def test_what_the_library_cannot_open_is_refused_and_not_raised() -> None:
    with pytest.raises(UnusableTemplate, match="cannot be opened"):
        try_template(repacked(company(), "ppt/presentation.xml", lambda _: b"<p"))


def upload(content: bytes, name: str = "nordwind.pptx") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def test_an_administrator_sets_replaces_and_removes_it_and_exports_follow(w: World) -> None:
    ada, file = sign_in(w.administrator), reverse("status_file", args=[w.program.slug, "pptx"])
    assert "built-in template" in ada.get(PAGE).content.decode()
    assert ada.post(PAGE, upload(company())).status_code == 302
    assert "Nordwind 5" in ada.get(PAGE).content.decode()
    assert Presentation(io.BytesIO(ada.get(file).content)).slide_width == Inches(13.333)
    refused = ada.post(PAGE, upload(company(untitled)))
    assert (refused.status_code, "has a title" in refused.content.decode()) == (422, True)
    assert ada.post(PAGE, upload(company(), "slides.pptm")).status_code == 422
    assert ada.post(PAGE, upload(company(), "second.pptx")).status_code == 302
    assert SlideTemplate.objects.get().name == "second.pptx"
    remove = reverse("slide_template_remove")
    assert [ada.post(remove).status_code, ada.post(remove).status_code] == [302, 302]
    assert Presentation(io.BytesIO(ada.get(file).content)).slide_width == Inches(10)
    verbs = list(Entry.objects.filter(subject_kind="slide_template").order_by("id").values_list("verb", flat=True))
    assert verbs == ["slide_template.set", "slide_template.set", "slide_template.removed"]
