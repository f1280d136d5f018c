"""Pages of status updates: who sees the form, 422 keeps what was typed, the same queries for one row and three."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import sign_in
from tests.gates.world import World
from tests.updates.test_posting import post
from updates.models import Acknowledgement, StatusUpdate

FORM = {"key": "k1", "colour": "red", "verdict": "The proof is a week late."}


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def pat(w: World) -> Client:
    return sign_in(w.person("pat"))


def test_the_manager_posts_from_the_page(w: World, pat: Client) -> None:
    page = pat.get(reverse("updates", args=[w.program.slug]))
    assert "What the record says since day 1" in words(page)
    computed = page.context["computed"].colour.value
    sent = {
        **FORM,
        "colour": computed,
        "way_back": "Second labeller",
        "way_back_owner": w.person("mia").pk,
        "way_back_on": "2026-02-06",
    }
    answer = pat.post(reverse("updates", args=[w.program.slug]), sent)
    made = StatusUpdate.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    assert "The proof is a week late." in words(pat.get(made.get_absolute_url()))


def test_a_refused_form_keeps_what_was_typed(w: World, pat: Client) -> None:
    answer = pat.post(reverse("updates", args=[w.program.slug]), {**FORM, "question": "Add Lyon?"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "The proof is a week late." in text
    assert "Add Lyon?" in text
    assert "Name who brings it back." in text
    assert not StatusUpdate.objects.exists()


def test_others_see_why_they_cannot_post(w: World) -> None:
    page = sign_in(w.person("mia")).get(reverse("updates", args=[w.program.slug]))
    assert "Only the program manager (Pat" in words(page)
    assert "Post the update" not in words(page)


def test_an_executive_viewer_reads_and_a_stranger_finds_nothing(w: World) -> None:
    made = post(w)
    assert sign_in(w.executive).get(made.get_absolute_url()).status_code == 200
    assert sign_in(w.stranger).get(made.get_absolute_url()).status_code == 404


def test_the_sponsor_acknowledges_with_one_press(w: World) -> None:
    made = post(w)
    sam = sign_in(w.person("sam"))
    assert "I have read it" in words(sam.get(made.get_absolute_url()))
    sam.post(reverse("update_acknowledge", args=[w.program.slug, made.number]))
    assert Acknowledgement.objects.get().by == w.person("sam")
    assert "I have read it" not in words(sam.get(made.get_absolute_url()))


def test_names_are_escaped(w: World, pat: Client) -> None:
    made = post(w, verdict="<script>alert(1)</script> late")
    assert b"<script>alert" not in pat.get(made.get_absolute_url()).content


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_one_row_and_three(
    w: World, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        post(w)
    mia = sign_in(w.person("mia"))
    address = reverse("updates", args=[w.program.slug])
    mia.get(address)
    with django_assert_num_queries(8):
        mia.get(address)
