"""What people send to the plan: with and without htmx, refused with what they typed, harmless when sent twice."""

import datetime as dt
import json

import pytest
from django.http import HttpResponse

from phases import services
from phases.enums import CriterionState
from phases.models import Criterion, DateChange, Event, Task
from tests.factories import Built, sign_in
from tests.phases.steps import hand_in, prove, verbs

C = "/programs/claims/criteria/accuracy/"
T = "/programs/claims/tasks/train/"
HX = {"HX-Request": "true"}
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF"


def version(item: Criterion | Task | Event) -> int:
    """The version a form drawn now would carry."""
    item.refresh_from_db()
    return item.version


def toast(response: HttpResponse) -> str:
    """What the status region announces."""
    return str(json.loads(response["HX-Trigger"])["toast"]["text"])


def page(response: HttpResponse) -> str:
    """The body of an answer."""
    return response.content.decode()


# --- review ---


def test_the_whole_way_without_javascript(built: Built) -> None:
    owner, verifier = sign_in(built.owner), sign_in(built.verifier)
    owner.post(C + "evidence/", {"url": "https://example.org/report", "effective_date": "2026-01-13"})
    owner.post(C + "hand-in/", {"version": version(built.criteria["accuracy"])})
    verifier.post(C + "send-back/", {"version": version(built.criteria["accuracy"]), "reason": "Too small"})
    owner.post(C + "hand-in/", {"version": version(built.criteria["accuracy"])})
    response = verifier.post(C + "verify/", {"version": version(built.criteria["accuracy"])}, follow=True)
    assert "Verified." in page(response)
    assert verbs(built.criteria["accuracy"]) == [
        "criterion.evidence_added",
        "criterion.handed_in",
        "criterion.sent_back",
        "criterion.handed_in",
        "criterion.verified",
    ]


def test_g2_a_direct_verify_by_the_owner_is_403_with_the_reason(built: Built) -> None:
    found = hand_in(built)
    for headers in ({}, HX):
        response = sign_in(built.owner).post(C + "verify/", {"version": found.version}, headers=headers)
        assert response.status_code == 403
        assert "somebody else has to verify it (G2)" in page(response)
    found.refresh_from_db()
    assert found.state == CriterionState.HANDED_IN


def test_verifying_in_a_row_gives_the_row_back(built: Built) -> None:
    found = hand_in(built)
    response = sign_in(built.verifier).post(C + "verify/", {"version": found.version}, headers=HX)
    assert f'id="criterion-{found.pk}"' in page(response)
    assert "<html" not in page(response)
    assert toast(response) == "Verified."


def test_a_refusal_in_a_row_is_a_notice(built: Built) -> None:
    prove(built)
    response = sign_in(built.verifier).post(C + "verify/", {"version": 2}, headers=HX)
    assert response.status_code == 422
    assert "data-notice" in page(response)
    assert "Nothing is waiting for review" in page(response)


def test_handing_in_nothing_is_422_on_the_page(built: Built) -> None:
    response = sign_in(built.owner).post(C + "hand-in/", {"version": 1})
    assert response.status_code == 422
    assert "Add evidence first" in page(response)


def test_sending_back_without_a_reason_keeps_the_form_open(built: Built) -> None:
    found = hand_in(built)
    response = sign_in(built.verifier).post(C + "send-back/", {"version": found.version, "reason": ""})
    assert response.status_code == 422
    assert 'id="send_back_reason_err"' in page(response)


def test_p16_a_conflict_shows_both_sides_and_sends_again(built: Built) -> None:
    """Two tabs: the second one reads what is there, keeps its words, and its form works when sent again."""
    found = hand_in(built)
    seen = found.version
    services.redate(
        actor=built.manager, item=built.criteria["accuracy"], new_date=dt.date(2026, 2, 6), reason="Vendor."
    )
    verifier = sign_in(built.verifier)
    response = verifier.post(C + "send-back/", {"version": seen, "reason": "Sample too small"})
    assert response.status_code == 409
    body = page(response)
    assert "Handed in, due Fri 6 Feb" in body
    assert body.count("Sample too small") == 2  # in the card, and still in the form
    assert f'name="version" value="{seen + 1}"' in body
    again = verifier.post(C + "send-back/", {"version": seen + 1, "reason": "Sample too small"})
    assert again.status_code == 302


def test_a_conflict_in_place_stays_in_place(built: Built) -> None:
    """The script moves answers marked `data-notice` above the page; a whole page part must not carry that mark."""
    seen = hand_in(built).version
    services.redate(
        actor=built.manager, item=built.criteria["accuracy"], new_date=dt.date(2026, 2, 6), reason="Vendor."
    )
    response = sign_in(built.verifier).post(C + "verify/", {"version": seen, "part": "page"}, headers=HX)
    assert response.status_code == 409
    assert page(response).lstrip().startswith('<div id="item">')
    assert "data-notice" not in page(response)
    assert "data-focus" in page(response)


@pytest.mark.parametrize("wrong", ["", "x", "0", "-1"])
def test_p16_a_form_without_its_version_is_refused(built: Built, wrong: str) -> None:
    prove(built)
    assert sign_in(built.owner).post(C + "hand-in/", {"version": wrong}).status_code == 422


# --- dates and people, on criteria and tasks alike ---


@pytest.mark.parametrize("where", [C, T])
def test_more_time(built: Built, where: str) -> None:
    sent = {"new_date": "2026-02-06", "reason": "Two reviewers are away.", "version": 1}
    response = sign_in(built.owner).post(where + "forecast/", sent, follow=True)
    assert response.redirect_chain == [(where, 302)]
    assert "Forecast noted." in page(response)
    assert DateChange.objects.get().reason == "Two reviewers are away."


@pytest.mark.parametrize("where", [C, T])
def test_a_new_date_on_a_saturday_names_the_monday_and_keeps_the_reason(built: Built, where: str) -> None:
    sent = {"new_date": "2026-02-07", "reason": "Vendor is late.", "version": 1, "part": "page"}
    response = sign_in(built.manager).post(where + "redate/", sent, headers=HX)
    assert response.status_code == 422
    assert "the next one is Mon 9 Feb" in page(response)
    assert "Vendor is late." in page(response)
    assert 'value="2026-02-07"' in page(response)


@pytest.mark.parametrize("where", [C, T])
def test_reassigning_offers_and_takes_only_members(built: Built, where: str) -> None:
    manager = sign_in(built.manager)
    sent = {"person": built.people["max"].pk, "reason": "Mia is on leave.", "version": 1}
    assert manager.post(where + "reassign/", sent).status_code == 302
    outsider = manager.post(where + "reassign/", {**sent, "person": 999_999, "version": 2})
    assert outsider.status_code == 422
    assert "somebody who has a role in this program" in page(outsider)


@pytest.mark.parametrize("where", [C, T])
def test_p16_delegating_twice_is_one_and_no_error(built: Built, where: str) -> None:
    owner = sign_in(built.owner)
    assert [owner.post(where + "delegate/", {"version": 1}).status_code for _ in range(2)] == [302, 302]


def test_an_owner_cannot_move_the_agreed_date(built: Built) -> None:
    response = sign_in(built.owner).post(C + "redate/", {"new_date": "2026-02-06", "reason": "Me.", "version": 1})
    assert response.status_code == 403
    assert "Only the program manager (Pat.Claims)" in page(response)


# --- tasks in rows ---


def test_ticking_a_row_gives_the_row_back_focused(built: Built) -> None:
    owner = sign_in(built.owner)
    response = owner.post(T + "done/", {"version": 1, "next": "/work/"}, headers=HX)
    task = built.tasks["train"]
    assert page(response).lstrip().startswith(f'<li id="task-{task.pk}" class="done">')
    assert toast(response) == "Done: Do the train"
    assert "data-focus" in page(response)
    assert 'name="next" value="/work/"' in page(response)
    response = owner.post(T + "reopen/", {"version": 2, "next": "/work/"}, headers=HX)
    assert "Mark done: Do the train" in page(response)


def test_ticking_on_the_task_page_gives_the_page_part_back(built: Built) -> None:
    response = sign_in(built.owner).post(T + "done/", {"version": 1, "part": "page"}, headers=HX)
    assert page(response).lstrip().startswith('<div id="item">')
    assert "Mia.Claims finished it on" in page(response)


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("/programs/claims/plan/?show=mine", "/programs/claims/plan/?show=mine"),
        ("https://evil.example/", T),
        ("//evil.example/", T),
        ("/\\evil.example/", T),
        ("javascript:alert(1)", T),
        ("", T),
    ],
)
def test_after_a_plain_tick_only_paths_of_this_site_are_returned_to(built: Built, wanted: str, got: str) -> None:
    response = sign_in(built.owner).post(T + "done/", {"version": 1, "next": wanted})
    assert (response.status_code, response["Location"]) == (302, got)


def test_p16_ticking_a_changed_row_is_a_409_notice(built: Built) -> None:
    services.reassign(actor=built.manager, item=built.tasks["train"], person=built.people["max"], reason="Leave.")
    response = sign_in(built.people["max"]).post(T + "done/", {"version": 1}, headers=HX)
    assert response.status_code == 409
    assert "data-notice" in page(response)


def test_ticking_somebody_elses_task_is_403(built: Built) -> None:
    response = sign_in(built.verifier).post(T + "done/", {"version": 1}, headers=HX)
    assert response.status_code == 403
    assert "Only the owner (Mia.Claims)" in page(response)
