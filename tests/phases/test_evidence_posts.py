"""Evidence as people send it: kept when good, refused with what they typed, inert when fetched (P21)."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from pytest_django import Settings

from phases import services
from phases.models import Evidence
from tests.factories import Built, sign_in
from tests.phases.steps import prove

C = "/programs/claims/criteria/accuracy/"
T = "/programs/claims/tasks/train/"
G = "/programs/claims/gates/gate-30/"
HX = {"HX-Request": "true"}
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF"


@pytest.fixture(autouse=True)
def room(settings: Settings, tmp_path: Path) -> Path:
    """An evidence folder of this test."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


def toast(response: HttpResponse) -> str:
    """What the status region announces."""
    return str(json.loads(response["HX-Trigger"])["toast"]["text"])


def page(response: HttpResponse) -> str:
    """The body of an answer."""
    return response.content.decode()


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
