"""What people send to the plan: with and without htmx, refused with what they typed, harmless when sent twice."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from pytest_django import Settings

from phases import services
from phases.enums import CriterionState
from phases.models import Criterion, DateChange, Event, Evidence, Task
from tests.factories import Built, sign_in
from tests.phases.steps import hand_in, prove, verbs

C = "/programs/claims/criteria/accuracy/"
T = "/programs/claims/tasks/train/"
HX = {"HX-Request": "true"}
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF"


@pytest.fixture(autouse=True)
def room(settings: Settings, tmp_path: Path) -> Path:
    """An evidence folder of this test."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


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


# --- evidence ---


def evidence(**more: object) -> dict[str, object]:
    """A form with a link."""
    return {"url": "https://example.org/report", "effective_date": "2026-01-13", **more}


def test_a_link_is_added_and_the_browser_sent_back(built: Built) -> None:
    response = sign_in(built.owner).post(C + "evidence/", evidence(title="Report"), follow=True)
    assert response.redirect_chain == [(C, 302)]
    assert "Evidence added" in page(response)
    found = Evidence.objects.get()
    assert (found.kind, found.title, found.effective_date) == ("link", "Report", dt.date(2026, 1, 13))


def test_a_link_without_scheme_becomes_https(built: Built) -> None:
    sign_in(built.owner).post(C + "evidence/", evidence(url="example.org/report"))
    assert Evidence.objects.get().url == "https://example.org/report"


def test_a_note_is_named_after_its_first_words(built: Built) -> None:
    sign_in(built.owner).post(C + "evidence/", {"note": "Agreed in the call.", "effective_date": "2026-01-13"})
    assert (Evidence.objects.get().kind, Evidence.objects.get().title) == ("note", "Agreed in the call.")


def test_a_file_is_stored_downloaded_and_inert(built: Built, room: Path) -> None:
    file = SimpleUploadedFile("../../Report\u202e.pdf", PDF, content_type="text/html")
    sign_in(built.owner).post(C + "evidence/", {"file": file, "effective_date": "2026-01-13"})
    found = Evidence.objects.get()
    assert (found.file_name, found.content_type, found.file_size) == ("Report.pdf", "application/pdf", len(PDF))
    response = sign_in(built.verifier).get(f"/programs/claims/evidence/{found.pk}/download/")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="Report.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "application/pdf"


def test_in_place_the_part_comes_back_with_a_toast(built: Built) -> None:
    response = sign_in(built.owner).post(C + "evidence/", evidence(title="Report", part="page"), headers=HX)
    assert response.status_code == 200
    assert page(response).lstrip().startswith('<div id="item">')
    assert toast(response).startswith("Evidence added.")
    assert "Report" in page(response)
    assert "data-focus" in page(response)


REFUSED = [
    ({"effective_date": "2026-01-13"}, "Give a link, a file or a note."),
    (evidence(effective_date=""), "Choose a day."),
    (evidence(effective_date="13/13/2026"), "That is no day"),
    (evidence(effective_date="2026-01-15"), "it cannot lie ahead"),
    (evidence(url="javascript:alert(1)"), "A link looks like"),
    (evidence(url="ftp://example.org/x"), "https:// or http://"),
    (evidence(url="https://example.org/" + "x" * 2001), "at most 2000"),
    (evidence(note="x" * 5001), "at most 5000"),
    (evidence(title="a\x00b"), "Null characters are not allowed"),
]


@pytest.mark.parametrize(("data", "words"), REFUSED, ids=[words for _, words in REFUSED])
@pytest.mark.parametrize("headers", [{}, HX], ids=["plain", "htmx"])
def test_refused_evidence_keeps_what_was_typed(built: Built, data: dict, words: str, headers: dict) -> None:
    sent = {"describes_version": "model 3.1", "part": "page", **data}
    response = sign_in(built.owner).post(C + "evidence/", sent, headers=headers)
    assert response.status_code == 422
    assert words in page(response)
    assert 'value="model 3.1"' in page(response)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("report.pdf", b"MZ", "is not what its ending says"),
        ("run.exe", b"MZ", "This type of file is not taken"),
        ("report.pdf", b"", "This file is empty"),
        ("report.pdf", PDF + b"x" * 3000, "at most 0 MB"),
    ],
)
def test_p21_a_refused_file_is_said_at_the_field_and_leaves_nothing(
    built: Built, room: Path, settings: Settings, name: str, content: bytes, words: str
) -> None:
    settings.EVIDENCE_MAX_BYTES = 3000
    sent = {"file": SimpleUploadedFile(name, content), "effective_date": "2026-01-13", "title": "My report"}
    response = sign_in(built.owner).post(C + "evidence/", sent)
    assert response.status_code == 422
    assert words in page(response)
    assert 'value="My report"' in page(response)
    assert not room.exists()


def test_p21_a_file_refused_by_the_service_leaves_nothing(built: Built, room: Path) -> None:
    sent = {"file": SimpleUploadedFile("report.pdf", PDF), "effective_date": "2027-01-13"}
    assert sign_in(built.owner).post(C + "evidence/", sent).status_code == 422
    assert not [path for path in room.rglob("*") if path.is_file()]


def test_p16_the_same_file_sent_twice_is_kept_once(built: Built, room: Path) -> None:
    for _ in range(2):
        sent = {"file": SimpleUploadedFile("report.pdf", PDF), "effective_date": "2026-01-13"}
        assert sign_in(built.owner).post(C + "evidence/", sent).status_code == 302
    assert Evidence.objects.count() == len([path for path in room.rglob("*") if path.is_file()]) == 1


def test_a_link_and_a_file_at_once_are_two_proofs(built: Built, room: Path) -> None:
    response = sign_in(built.owner).post(C + "evidence/", evidence(file=SimpleUploadedFile("report.pdf", PDF)))
    assert "one at a time" in page(response)
    assert not room.exists()


def test_nobody_else_stores_a_file(built: Built, room: Path) -> None:
    sent = {"file": SimpleUploadedFile("report.pdf", PDF), "effective_date": "2026-01-13"}
    response = sign_in(built.verifier).post(C + "evidence/", sent)
    assert response.status_code == 403
    assert "Only the owner (Mia.Claims) or the deputy may do this." in page(response)
    assert not room.exists()


def test_withdrawing_in_place_and_with_its_reason(built: Built) -> None:
    found = prove(built)
    url = f"/programs/claims/evidence/{found.pk}/withdraw/"
    response = sign_in(built.owner).post(url, {"reason": "Wrong file", "part": "page"}, headers=HX)
    assert toast(response).startswith("Withdrawn.")
    assert "withdrawn" in page(response)
    assert "Wrong file" in page(response)


def test_withdrawing_without_a_reason_opens_its_own_form(built: Built) -> None:
    found = prove(built)
    response = sign_in(built.owner).post(f"/programs/claims/evidence/{found.pk}/withdraw/", {"reason": ""})
    assert response.status_code == 422
    assert f'id="withdraw_{found.pk}_reason_err"' in page(response)


def test_a_withdrawn_file_is_refused_to_others_with_the_reason(built: Built) -> None:
    sign_in(built.owner).post(
        C + "evidence/", {"file": SimpleUploadedFile("a.pdf", PDF), "effective_date": "2026-01-13"}
    )
    found = Evidence.objects.get()
    services.withdraw_evidence(actor=built.owner, evidence=found, reason="Names in it")
    response = sign_in(built.verifier).get(f"/programs/claims/evidence/{found.pk}/download/")
    assert response.status_code == 403
    assert "This proof was withdrawn" in page(response)


def test_a_missing_file_is_said_on_the_page(built: Built, room: Path) -> None:
    sign_in(built.owner).post(
        C + "evidence/", {"file": SimpleUploadedFile("a.pdf", PDF), "effective_date": "2026-01-13"}
    )
    found = Evidence.objects.get()
    (room / found.file_key).unlink()
    response = sign_in(built.owner).get(f"/programs/claims/evidence/{found.pk}/download/", follow=True)
    assert "cannot be read. Tell the operator." in page(response)


def test_a_link_is_not_downloaded(built: Built) -> None:
    assert sign_in(built.owner).get(f"/programs/claims/evidence/{prove(built).pk}/download/").status_code == 404


# --- review ---


def test_the_whole_way_without_javascript(built: Built) -> None:
    owner, verifier = sign_in(built.owner), sign_in(built.verifier)
    owner.post(C + "evidence/", evidence())
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
