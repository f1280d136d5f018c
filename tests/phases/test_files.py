"""Evidence files are believed by their bytes, kept under generated names, and inert (P21)."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core.errors import Invalid
from phases import files
from phases.models import Evidence
from tests.factories import Built

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40


@pytest.fixture
def room(settings: Settings, tmp_path: Path) -> Path:
    """An evidence folder of this test."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


def archive(*names: str, text: str = "x") -> bytes:
    """A zip with these entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as found:
        for name in names:
            found.writestr(name, text)
    return made.getvalue()


OFFICE = {
    "docx": archive("[Content_Types].xml", "word/document.xml"),
    "xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
}
GOOD = {
    "report.pdf": PDF,
    "REPORT.PDF": PDF,
    "chart.png": PNG,
    "photo.jpg": JPEG,
    "photo.jpeg": JPEG,
    "log.txt": "Größe: 4 µm".encode(),
    "windows.txt": "Größe".encode("cp1252"),
    "notes.md": b"# What we saw\n",
    "table.csv": b"\xef\xbb\xbfa,b\r\n1,2\r\n",
    "result.json": b'\n{"auc": 0.91}',
    "list.json": b"[1]",
    **{f"file.{ending}": content for ending, content in OFFICE.items()},
}
BAD = {
    "page.html": b"<html>",
    "image.svg": b"<svg onload='x()'>",
    "run.exe": b"MZ\x90",
    "all.zip": archive("a.txt"),
    "none": b"text",
    ".pdf": b"not a pdf",
    "report.pdf.exe": PDF,
    "report.pdf": b"MZ\x90\x00 not a pdf",
    "late.pdf": b"junk before " + PDF,
    "chart.png": JPEG,
    "photo.jpg": PNG,
    "gifar.jpg": JPEG + archive("Evil.class"),
    "both.png": PNG + archive("a.txt"),
    "hidden.txt": b"text\x00more",
    "page.txt": b"  <!DOCTYPE html><script>alert(1)</script>",
    "vector.md": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'>",
    "pdf.txt": PDF,
    "escape.csv": b"a\x1b[2J,b",
    "page.json": b"<html>",
    "word.docx": OFFICE["xlsx"],
    "plain.docx": archive("word/document.xml"),
    "broken.xlsx": OFFICE["xlsx"][: len(OFFICE["xlsx"]) // 2],
    "text.pptx": b"PK\x03\x04 and then nothing",
}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it; the type it claims is a lie, because nobody may rely on it."""
    return SimpleUploadedFile(name, content, content_type="text/html")


def stored(room: Path) -> list[Path]:
    """Everything that lies in the evidence folder."""
    return [path for path in room.rglob("*") if path.is_file()] if room.exists() else []


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.django_db
def test_p21_what_is_on_the_list_is_kept_under_a_generated_name(room: Path, name: str) -> None:
    found = files.store(upload(name, GOOD[name]), program_id=1)
    assert [path.read_bytes() for path in stored(room)] == [GOOD[name]]
    assert stored(room)[0].name not in name
    assert (found.name, found.size) == (name, len(GOOD[name]))
    assert found.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert found.content_type != "text/html"
    with files.open_stored(found.key) as file:
        assert file.read() == GOOD[name]


@pytest.mark.parametrize("name", BAD)
@pytest.mark.django_db
def test_p21_what_is_not_what_it_says_is_refused_and_leaves_nothing(room: Path, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        files.store(upload(name, BAD[name]), program_id=1)
    assert caught.value.field == "file"
    assert stored(room) == []


@pytest.mark.django_db
def test_p21_an_empty_file_is_refused(room: Path) -> None:
    with pytest.raises(Invalid, match="empty"):
        files.store(upload("a.txt", b""), program_id=1)


@pytest.mark.django_db
def test_p21_the_limit_is_exact_and_said(room: Path, settings: Settings) -> None:
    settings.EVIDENCE_MAX_BYTES = 2 * 2**20
    files.store(upload("a.txt", b"a" * 2 * 2**20), program_id=1)
    with pytest.raises(Invalid, match=r"has 2\.0 MB; at most 2 MB"):
        files.store(upload("a.txt", b"a" * (2 * 2**20 + 1)), program_id=1)
    assert len(stored(room)) == 1


def test_p21_a_program_has_so_much_room(room: Path, built: Built, settings: Settings) -> None:
    settings.EVIDENCE_PROGRAM_MAX_BYTES = 1000
    keep(built, 900)
    files.store(upload("a.txt", b"a" * 100), program_id=built.program.pk)
    with pytest.raises(Invalid, match="used its room"):
        files.store(upload("a.txt", b"a" * 101), program_id=built.program.pk)
    files.store(upload("a.txt", b"a" * 101), program_id=built.program.pk + 1)


def test_p21_a_program_has_so_many_files(room: Path, built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 1)
    keep(built, 1)
    with pytest.raises(Invalid, match="used its room"):
        files.store(upload("a.txt", b"a"), program_id=built.program.pk)


def keep(built: Built, size: int) -> None:
    """Let a row say that the program holds a file of `size` bytes."""
    Evidence.objects.create(
        criterion=built.criteria["accuracy"],
        kind="file",
        title="x",
        file_size=size,
        file_key="x",
        effective_date=built.program.start_date,
        added_by=built.owner,
        added_at=built.program.launched_at,
    )


@pytest.mark.django_db
def test_p21_when_the_service_refuses_nothing_is_left(room: Path) -> None:
    def refused() -> None:
        with files.kept(upload("a.txt", b"text"), program_id=1) as found:
            assert found is not None
            assert len(stored(room)) == 1
            raise Invalid("No.")

    with pytest.raises(Invalid, match=r"No\."):
        refused()
    assert stored(room) == []


@pytest.mark.django_db
def test_without_a_file_nothing_happens(room: Path) -> None:
    with files.kept(None, program_id=1) as found:
        assert found is None
    assert stored(room) == []


@pytest.mark.django_db
def test_p21_an_unwritable_folder_is_said_and_leaves_nothing(room: Path) -> None:
    room.parent.mkdir(exist_ok=True)
    room.write_text("a file where the folder should be")
    with pytest.raises(Invalid, match="could not be stored on the server") as caught:
        files.store(upload("a.txt", b"text"), program_id=1)
    assert caught.value.field == "file"


@pytest.mark.django_db
def test_p21_a_full_disk_leaves_no_half_file(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Invalid, match="No space left on device"):
        files.store(upload("a.txt", b"text"), program_id=1)
    assert stored(room) == []


@pytest.mark.django_db
def test_p21_only_the_owner_of_the_process_reads_the_folder(room: Path) -> None:
    found = files.store(upload("a.txt", b"text"), program_id=1)
    path = room / found.key
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "/etc/passwd", "ab/" + "g" * 32, "ab/" + "a" * 32 + "\n"])
def test_p21_a_key_of_another_shape_opens_nothing(room: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        files.open_stored(key)
    with pytest.raises(ValueError, match="not a key"):
        files.remove(key)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\fakepath\\report.pdf", "report.pdf"),
        ("re\u202efdp.txt", "refdp.txt"),
        ("a\r\nContent-Type: x.txt", "a Content-Type: x.txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * 118),
    ],
)
def test_p21_names_are_only_text(sent: str, kept: str) -> None:
    assert files.clean_name(sent) == kept


@given(st.text(max_size=400))
def test_p21_no_name_becomes_a_path_or_a_header(name: str) -> None:
    found = files.clean_name(name)
    assert len(found) <= files.NAME_LIMIT
    assert not set(found) & set("/\\\r\n\x00\u202e")


@given(st.binary(max_size=400))
def test_p21_no_bytes_make_a_check_fail_by_accident(content: bytes) -> None:
    for kind in files.TYPES.values():
        assert kind.agrees(io.BytesIO(content)) in (True, False)


def test_the_form_says_what_is_taken() -> None:
    assert files.accepted() == "pdf, png, jpg, jpeg, txt, md, csv, json, docx, xlsx or pptx, up to 10 MB"
