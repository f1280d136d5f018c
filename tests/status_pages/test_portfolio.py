"""A portfolio's link and files: live or as published, the same numbers in each, one page of PDF (issue 5, S2, P15)."""

import dataclasses
import datetime as dt
import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from core import clock
from core.errors import NotAllowed
from programs.enums import ProgramState
from programs.models import Portfolio, Program
from status_pages.domain.portfolio import Ask, Line, headline, line_of, portfolio_document
from status_pages.enums import Trigger
from status_pages.printing import ASKS, PROGRAMS, portfolio_pdf
from status_pages.selectors import portfolio as selector
from status_pages.services.sharing import LinkInput, make_link
from status_pages.services.snapshots import keep, keep_updates, keep_weekly
from status_pages.slides import portfolio_slides
from status_pages.workbook import portfolio_workbook
from tests import factories
from tests.factories import sign_in
from tests.gates.world import World, risk
from tests.status_pages.conftest import NOW
from tests.status_pages.test_document import READY, facts, read
from tests.updates.test_posting import post

HX = {"HX-Request": "true"}


def a_line(number: int, colour: str = "amber", words: int = 4) -> Line:
    ask = Ask(f"Program {number}", "Add Lyon? " * words, "Tue 3 Feb", "Gate 2 moves. " * words)
    text = f"Sentence {number} " * words
    return Line(
        f"Program {number}", colour, "At risk", text, "Day 23 of 90", "Gate 1 in 7 days", "note", "Tue 27 Jan", (ask,)
    )


def document(lines: list[Line], **colours: int) -> dict[str, Any]:
    total = sum(colours.values()) or len(lines)
    return portfolio_document("Motor", lines, today=dt.date(2026, 1, 27), total=total, colours=colours)


def texts(doc: dict[str, Any]) -> dict[str, str]:
    book = load_workbook(BytesIO(portfolio_workbook(doc)))
    slides = []
    for slide in Presentation(BytesIO(portfolio_slides(doc))).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                slides.append(shape.text_frame.text)
            if getattr(shape, "has_table", False):
                slides += [cell.text for row in shape.table.rows for cell in row.cells]
            if getattr(shape, "has_chart", False):
                slides += [str(int(value)) for series in shape.chart.plots[0].series for value in series.values]
    pages = PdfReader(BytesIO(portfolio_pdf(doc))).pages
    found = {
        "pdf": " ".join(page.extract_text() for page in pages),
        "slides": " ".join(slides),
        "workbook": " ".join(str(c.value) for s in book for row in s.iter_rows() for c in row if c.value is not None),
    }
    return {name: " ".join(text.split()) for name, text in found.items()}


def test_three_files_show_the_same_numbers_of_a_portfolio() -> None:
    doc = document([a_line(1, "red"), a_line(2)], red=31, amber=17)
    for name, text in texts(doc).items():
        missing = [
            n for n in ("48", "31", "17", "Program 1", "Sentence 2", "Gate 1 in 7 days", "Add Lyon?") if n not in text
        ]
        assert missing == [], name


def test_the_pdf_stays_one_tagged_page_with_the_longest_texts() -> None:
    long = {"program": "Assistant " * 20, "note": "readiness " * 30, "gate": "Production " * 20}
    rows = [dataclasses.replace(a_line(n, words=40), **long) for n in range(PROGRAMS + 30)]
    content = portfolio_pdf(document(rows, amber=PROGRAMS + 30))
    reader = PdfReader(BytesIO(content))
    text = " ".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    assert f"{PROGRAMS + 20} further programs" in text  # the longest texts leave room for ten
    short = PdfReader(BytesIO(portfolio_pdf(document([a_line(n, words=1) for n in range(50)], amber=50))))
    assert (len(short.pages), "30 further programs" in short.pages[0].extract_text()) == (1, True)
    assert f"Further decisions asked: {PROGRAMS + 30 - ASKS}" in text
    assert b"pdfuaid" in content
    assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_an_empty_portfolio_has_files_as_well() -> None:
    for text in texts(document([])).values():
        assert "0 programs" in text or "Programs 0" in text


def test_a_line_says_what_is_declared_asked_and_over() -> None:
    line = line_of(read(facts(readiness=READY)))
    assert (line.word, line.day, line.note) == ("At risk", "Day 23 of 90", "readiness 25, weakest Data")
    paused = read(facts())
    paused["program"]["state"] = "paused"
    assert (line_of(paused).colour, line_of(paused).word) == ("grey", "Paused")
    assert headline(3, {"green": 1, "red": 2}) == "3 programs: 2 off track, 1 on track"


def board(w: World, **changes: Any) -> Any:
    wanted = LinkInput(**{"label": "The board", **changes})
    return make_link(actor=w.administrator, portfolio=w.program.portfolio, wanted=wanted)


def enter(made: Any, client: Client) -> str:
    return client.get(f"/s/{made.token}/", follow=True).content.decode()


def test_a_portfolio_link_is_an_administrators(w: World) -> None:
    with pytest.raises(NotAllowed):
        make_link(actor=w.person("pat"), portfolio=w.program.portfolio, wanted=LinkInput("The board"))
    found = board(w)
    post(w, verdict="As published.")
    keep_updates()
    page = enter(found, Client())
    assert "As published." in page
    assert f"/programs/{w.program.slug}" not in page


def test_a_live_link_shows_now_and_a_published_one_the_last_update(w: World) -> None:
    post(w, verdict="As published.")
    keep_updates()
    live, published = Client(), Client()
    first, second = board(w), board(w, live=False, label="Papers")
    assert "1 decision asked" not in enter(first, live)
    enter(second, published)
    post(w, verdict="A minute later.")
    risk(w, "later")
    assert "A minute later." in live.get(f"/status/{first.link.public_id}/").content.decode()
    page = published.get(f"/status/{second.link.public_id}/").content.decode()
    assert "As published." in page
    assert "A minute later." not in page


def test_a_live_link_knows_a_program_of_which_nothing_was_kept_and_none_that_is_over(w: World) -> None:
    factories.program("beta")
    over = factories.program("gone").program
    Program.objects.filter(pk=over.pk).update(state=ProgramState.STOPPED)
    page = enter(board(w), Client())
    assert "2 programs" in page
    assert {"Beta", w.program.name} <= set(re.findall(r"<h3>([^<]+)</h3>", page))
    assert "Gone" not in page


def test_no_more_than_some_are_worked_out_at_once(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_weekly()
    factories.program("beta")
    factories.program("gamma")
    keep_weekly()
    Program.objects.filter(slug="gamma").update(name="Renamed")
    monkeypatch.setattr(selector, "AT_ONCE", 0)
    with clock.frozen(NOW + dt.timedelta(days=1)):
        page = enter(board(w), Client())
        assert "as of Tue 27 Jan" in page  # as kept yesterday, and it says so
        assert "Renamed" not in page
        factories.program("delta")
        assert "Delta" in enter(board(w, label="again"), Client())  # nothing was kept of it: it is worked out


def test_a_poll_of_a_portfolio_without_news_is_204_and_no_view(w: World, django_assert_num_queries: Any) -> None:
    made, client = board(w), Client()
    found = re.search(r"v=([\w.]+)", enter(made, client))
    assert found
    address = f"/status/{made.link.public_id}/?page=1&v={found[1]}"
    with django_assert_num_queries(2):
        assert client.get(address, headers=HX).status_code == 204
    post(w)
    answer = client.get(address, headers=HX)
    assert (answer.status_code, answer.content[:16]) == (200, b'<div id="sheet">')


KINDS = ("pdf", "pptx", "xlsx")


@pytest.mark.parametrize("whole", [True, False])
def test_p15_slides_and_workbook_only_where_the_link_allows_them(w: World, whole: bool) -> None:
    post(w)

    def codes(**changes: Any) -> list[int]:
        wanted, client = LinkInput("x", **changes), Client()
        of = {"portfolio": w.program.portfolio} if whole else {"program": w.program}
        made = make_link(actor=w.administrator, wanted=wanted, **of)  # type: ignore[arg-type]  # one of two
        enter(made, client)
        answers = [client.get(f"/status/{made.link.public_id}/status.{kind}") for kind in KINDS]
        assert all("no-store" in answer["Cache-Control"] for answer in answers)
        return [answer.status_code for answer in answers]

    assert codes() == [200, 404, 404]
    assert codes(files=True) == [200, 200, 200]
    assert Client().get("/status/guess/status.pptx").status_code == 404


def test_p15_the_files_of_a_link_leak_no_name_address_or_path(w: World) -> None:
    mia = w.person("mia")
    mia.name = "Mia Meyer"
    mia.save()
    risk(w, "secret-slug")
    post(w, verdict="Late, says Mia Meyer.")
    made, client = board(w, files=True), Client()
    enter(made, client)
    answers = {kind: client.get(f"/status/{made.link.public_id}/status.{kind}").content for kind in KINDS}
    book = load_workbook(BytesIO(answers["xlsx"]))
    cells = " ".join(str(c.value) for s in book for row in s.iter_rows() for c in row)
    assert "Late, says" in cells
    assert [text for text in ("Mia Meyer", "@", "secret-slug", "/programs/") if text in cells] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_published_portfolio_takes_the_same_queries_for_one_program_and_three(
    w: World, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        factories.program(f"p-{number}")
    for program in Program.objects.select_related("portfolio"):
        keep(program, Trigger.UPDATE, "1", "")
    found = Portfolio.objects.get(pk=w.program.portfolio.pk)
    with django_assert_num_queries(3):
        assert selector.gather(found, live=False, names=False).total == rows + 1


def test_the_list_for_people_with_an_account_comes_as_files_and_polls_as_well(w: World) -> None:
    client = sign_in(w.executive)
    page = client.get(reverse("portfolio_status"))
    version = page.context["again"]
    assert client.get(f"/status/{version}", headers=HX).status_code == 204
    answers = {kind: client.get(reverse("portfolio_file", args=[kind])) for kind in KINDS}
    text = " ".join(PdfReader(BytesIO(answers["pdf"].content)).pages[0].extract_text().split())
    assert page.context["rows"][0]["line"].verdict in text
    assert page.context["rows"][0]["line"].name in text
    assert load_workbook(BytesIO(answers["xlsx"].content))["Programs"].max_row == 2
    assert client.get(f"{reverse('portfolio_file', args=['xlsx'])}?status=green").status_code == 200
    post(w)
    assert client.get(f"/status/{version}", headers=HX).status_code == 200
