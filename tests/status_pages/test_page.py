"""The status page: what it says, 204 when nothing changed, snapshots as they were, two compared, links to proofs."""

import datetime as dt
import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core import clock
from phases import services as phases
from phases.domain.status import Colour
from phases.models import Task
from status_pages.enums import Trigger
from status_pages.models import StatusSnapshot
from status_pages.services.snapshots import keep
from tests.factories import sign_in
from tests.gates.world import World, risk
from tests.status_pages.conftest import NOW
from tests.updates.test_posting import post
from updates.domain.rules import Ask, Option

HX = {"headers": {"HX-Request": "true"}}
ASK = Ask("Add Lyon?", (Option("Add", "38 k"), Option("Wait", "A slip")), 0, dt.date(2026, 2, 3), "Gate 2 moves")


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def at(w: World, name: str = "status", *args: object) -> str:
    return reverse(name, args=[w.program.slug, *args])


@pytest.fixture
def viewer(w: World) -> Client:
    """An executive with an account and no role."""
    return sign_in(w.executive)


def frozen(w: World, reference: str = "2026-01-26") -> StatusSnapshot:
    made = keep(w.program, Trigger.WEEKLY, reference, "")
    assert made is not None
    return made


def test_an_executive_reads_verdict_ask_and_way_back(w: World, viewer: Client) -> None:
    post(w, ask=ASK)
    text = words(viewer.get(at(w)))
    assert "The proof is a week late." in text
    assert "One decision needed from you" in text
    assert "Add Lyon?" in text
    assert "If nobody decides: Gate 2 moves" in text
    assert "Way back: Second labeller, Mia" in text


def test_without_an_update_the_rules_speak(w: World, viewer: Client) -> None:
    text = words(viewer.get(at(w)))
    assert "written by the rules; no update was posted yet" in text
    assert "No decision needed from you" in text


def test_computed_and_declared_stand_side_by_side(w: World, viewer: Client) -> None:
    post(w, colour=Colour.GREEN, reason="It arrives tomorrow.", expires_on=dt.date(2026, 2, 3))
    page = viewer.get(at(w))
    doc = page.context["doc"]
    assert doc["status"]["differs"]
    assert doc["status"]["declared"]["agreed"] is False
    assert "declared On track not agreed" in words(page)
    assert "Agree to a declared status that is better than computed?" in words(page)


def test_a_stranger_finds_nothing(w: World) -> None:
    made = frozen(w)
    for address in (at(w), at(w, "status_file", "pdf"), at(w, "status_snapshot", made.pk)):
        assert sign_in(w.stranger).get(address).status_code == 404


def test_a_poll_that_finds_nothing_new_gets_204_before_anything_is_worked_out(
    w: World, viewer: Client, django_assert_num_queries: Any
) -> None:
    version = viewer.get(at(w)).context["version"]
    with django_assert_num_queries(5):
        answer = viewer.get(f"{at(w)}?v={version}", **HX)
    assert (answer.status_code, answer.content) == (204, b"")
    phases.complete_task(actor=w.person("mia"), task=Task.objects.get(program=w.program, slug="train"))
    answer = viewer.get(f"{at(w)}?v={version}", **HX)
    assert answer.status_code == 200
    assert answer.content.startswith(b'<div id="sheet">')


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_for_one_risk_and_three(
    w: World, rows: int, viewer: Client, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        risk(w, f"r-{number}", likelihood=2, impact=2)
    viewer.get(reverse("profile"))
    with django_assert_num_queries(PAGE_QUERIES):
        viewer.get(at(w))
    with django_assert_num_queries(KEPT_QUERIES):
        viewer.get(at(w))


PAGE_QUERIES, KEPT_QUERIES = 27, 9


def test_since_you_last_looked_is_ones_own(w: World, viewer: Client) -> None:
    assert "This is the first look" in words(viewer.get(at(w)))
    post(w, ask=ASK)
    with clock.frozen(NOW + dt.timedelta(hours=2)):
        text = words(viewer.get(at(w)))
        assert "Asked of you : Add Lyon?" in text
        assert "This is the first look" in words(sign_in(w.person("sam")).get(at(w)))


def test_a_snapshot_shows_the_page_as_it_was(w: World, viewer: Client) -> None:
    made = frozen(w)
    program = w.program
    program.name = "Renamed"
    program.save()
    post(w)
    page = viewer.get(made.get_absolute_url())
    assert page.context["doc"]["program"]["name"] != "Renamed"
    assert page.context["intact"]
    assert "The proof is a week late." not in words(page)


def test_comparing_names_every_changed_fact(w: World, viewer: Client) -> None:
    made = frozen(w)
    post(w, ask=ASK)
    text = words(viewer.get(at(w, "status_compare_now", made.pk)))
    assert "verdict" in text.lower()
    assert "The proof is a week late." in text
    assert "Add Lyon?" in text
    other = frozen(w, "2026-02-02")
    both = words(viewer.get(at(w, "status_compare", made.pk, other.pk)))
    assert both.count("Add Lyon?") == text.count("Add Lyon?")
    assert "Every fact is the same" in words(viewer.get(at(w, "status_compare", other.pk, other.pk)))


def test_the_pdf_is_one_page_with_the_same_numbers(w: World, viewer: Client) -> None:
    risk(w, likelihood=5, impact=5)
    post(w, ask=ASK)
    doc = viewer.get(at(w)).context["doc"]
    answer = viewer.get(at(w, "status_file", "pdf"))
    reader = PdfReader(BytesIO(answer.content))
    text = " ".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    assert f"Day {doc['program']['day']} of 90" in text
    assert doc["verdict"]["sentence"] in text
    assert f"{doc['readiness']['musts_met']} of {doc['readiness']['musts']} must-meets verified" in text
    assert f"{doc['risk']['above']} of {doc['risk']['open']} above tolerance {doc['risk']['tolerance']}" in text
    assert "Add Lyon?" in text


def test_people_write_no_markup(w: World, viewer: Client) -> None:
    post(w, verdict="<b>bold</b> #strong[typst] $x$ @ref")
    assert b"<b>bold</b>" not in viewer.get(at(w)).content
    text = PdfReader(BytesIO(viewer.get(at(w, "status_file", "pdf")).content)).pages[0].extract_text()
    assert "#strong[typst]" in " ".join(text.split())


def test_a_first_look_is_compared_with_the_last_week_and_says_so(w: World, viewer: Client) -> None:
    with clock.frozen(NOW - dt.timedelta(days=1)):
        frozen(w)
    post(w, ask=ASK)
    text = words(viewer.get(at(w)))
    assert "Since 26 Jan" in text
    assert "Asked of you : Add Lyon?" in text
    with clock.frozen(NOW + dt.timedelta(hours=2)):
        assert "Since you last looked, Tue 27 Jan" in words(viewer.get(at(w)))
