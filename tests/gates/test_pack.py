"""The gate pack: page and PDF say what the snapshot says, and nobody's text becomes markup (G3, G11)."""

import io
import json
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from gates.domain.pack import sheet
from gates.models import Snapshot
from gates.printing import Origin, pack_pdf, pack_png
from tests.factories import sign_in
from tests.gates.world import GATE_DAY, World, add, decided, go, on, open_round, prove, risk

MARKUP = 'Costs $x$ and *b* and _i_ #import "evil" <b>&amp; `raw` @ref = not a heading \\ [x]'


def text_of(pdf: bytes) -> str:
    """All text of a PDF with single spaces."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def bare(text: str) -> str:
    """Text without any white space: where lines break is the typesetter's business."""
    return re.sub(r"\s+", "", text)


def frozen(w: World) -> Snapshot:
    """Go at gate 30 with a risk above tolerance, a should-meet without proof, and words full of markup."""
    risk(w, dated=True)
    add(w, "open-one", level="should", level_code="S", dimension_slug="data", dimension_name="Data", text=MARKUP)
    prove(w, "accuracy")
    with on(GATE_DAY):
        open_round(w)
        decided(w, go(reason=MARKUP, explanation="The should-meet follows."))
    return Snapshot.objects.get(kind="decision")


def get(w: World, name: str, query: str = "", person: str = "sam") -> bytes:
    """A page of gate 30."""
    response = sign_in(w.person(person)).get(reverse(name, args=[w.program.slug, "gate-30"]) + query)
    assert response.status_code == 200
    return response.content


def test_g11_pdf_has_the_numbers_of_the_snapshot(w: World) -> None:
    snapshot = frozen(w)
    document = json.loads(snapshot.document)
    text = text_of(get(w, "gate_pack_pdf"))
    score = document["readiness"]
    assert f"Readiness {score['points']}, weakest: {score['weakest']} (average {score['average']})" in text
    assert score["weakest"] == "Data"
    for row in score["dimensions"]:
        assert f"{row['name']} {row['criteria']} {row['not_applicable']} {row['weight']}" in text
    assert "Formula version 1" in text
    assert f"Risks above the tolerance of {document['tolerance']}" in text
    assert "25 critical" in text
    assert snapshot.sha256[:16] in text
    assert "The live page may be newer than this file" in text
    assert f"?snapshot={snapshot.pk}" in bare(text)
    for row in document["criteria"]:
        if row["counts"]:
            assert bare(row["text"]) in bare(text)


def test_g3_recommendation_opinions_and_decision_are_three_records(w: World) -> None:
    frozen(w)
    text = text_of(get(w, "gate_pack_pdf"))
    shown = get(w, "gate_pack").decode()
    for part in ("Decision: Go, round 1", "Recommendation, computed: Go", "Opinions, round 1", "Why differently"):
        assert part in text
        assert part in shown
    assert text.index("Decision: Go") < text.index("Recommendation, computed") < text.index("Opinions, round 1")


def test_text_of_people_is_never_markup(w: World) -> None:
    frozen(w)
    assert bare(MARKUP) in bare(text_of(get(w, "gate_pack_pdf")))
    shown = get(w, "gate_pack").decode()
    assert "<b>&amp;amp;" not in shown.replace("&lt;b&gt;", "")
    assert "&lt;b&gt;&amp;amp;" in shown


def test_page_and_pdf_are_laid_out_from_the_same_sheet(w: World) -> None:
    snapshot = frozen(w)
    text = bare(text_of(get(w, "gate_pack_pdf")))
    for section in sheet(json.loads(snapshot.document)).sections:
        assert bare(section.title) in text
        for block in section.blocks:
            for row in getattr(block, "rows", ()):
                for cell in row:
                    assert bare(getattr(cell, "text", cell)) in text


def test_pdf_is_tagged_universal_access(w: World) -> None:
    frozen(w)
    reader = PdfReader(io.BytesIO(get(w, "gate_pack_pdf")))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].startswith("en")
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == f"Gate 1, {w.program.name}"


def test_a_script_without_a_font_still_gives_a_pdf_and_says_so(w: World) -> None:
    document = json.loads(frozen(w).document)
    document["event"]["question"] = "漢字 and Ελληνικά"
    pdf = pack_pdf(sheet(document), Origin("https://example.org/pack/", "0" * 64, "Frozen"))
    assert "Some characters have no font here" in text_of(pdf)
    assert "Ελληνικά" in text_of(pdf)


def test_pages_are_drawn(w: World) -> None:
    document = json.loads(frozen(w).document)
    pages = pack_png(sheet(document), Origin("https://example.org/pack/", "0" * 64, "Frozen"))
    assert len(pages) >= 2
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_before_anything_is_frozen_the_pack_is_a_preview(w: World) -> None:
    with on(GATE_DAY):
        shown = get(w, "gate_pack", person="pat").decode()
        text = text_of(get(w, "gate_pack_pdf", person="pat"))
    assert "Preview." in shown
    assert "Preview, not frozen" in text
    assert "not frozen, so no hash" in text
    assert Snapshot.objects.count() == 0


def test_an_earlier_snapshot_can_be_packed(w: World) -> None:
    frozen(w)
    review = Snapshot.objects.get(kind="review")
    assert "No decision is on record" in get(w, "gate_pack", f"?snapshot={review.pk}").decode()
    assert "No decision is on record" not in get(w, "gate_pack").decode()
    url = reverse("gate_pack", args=[w.program.slug, "gate-30"])
    assert sign_in(w.person("sam")).get(f"{url}?snapshot=999999").status_code == 404
    assert sign_in(w.person("sam")).get(f"{url}?snapshot=nonsense").status_code == 200


@pytest.mark.parametrize("name", ["gate_pack", "gate_pack_pdf", "changed_since_gate"])
def test_pack_is_for_those_who_see_the_program(w: World, name: str) -> None:
    url = reverse(name, args=[w.program.slug, "gate-30"])
    assert sign_in().get(url).status_code == 302
    assert sign_in(w.stranger).get(url).status_code == 404
    assert sign_in(w.executive).get(url).status_code == 200
    assert sign_in(w.person("mia")).get(url).status_code == 200
    assert sign_in(w.person("mia")).post(url).status_code == 405
