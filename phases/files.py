"""Checks and stores the bytes of an evidence file, outside the web root. Must not decide rights or touch rows.

A file is believed only when its extension is on the list and its bytes agree. It is kept under a generated name in a
sharded folder; the name it came with is only text. Nothing is unpacked, rendered or run.
"""

import hashlib
import logging
import os
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from core.errors import Invalid
from core.text import one_line
from phases.services.evidence import StoredFile, stored_files

log = logging.getLogger(__name__)
NAME_LIMIT = 120
MOST_FILES = 2000
"""Evidence files one program may hold, beside the limit on their bytes."""
_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
_CHUNK = 64 * 1024
_PLAIN = bytes({*range(32, 256), *b"\t\n\r\f"})
_MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"%pdf-", b"pk\x03\x04", b"mz")


@dataclass(frozen=True)
class FileType:
    """What one extension promises: the type it is served as, and a test on the bytes."""

    content_type: str
    agrees: Callable[[BinaryIO], bool]


def _starts(*heads: bytes) -> Callable[[BinaryIO], bool]:
    def agrees(file: BinaryIO) -> bool:
        file.seek(0)
        # A picture or PDF that is an archive as well is made to be read twice.
        return file.read(16).startswith(heads) and not zipfile.is_zipfile(file)

    return agrees


def _office(folder: str) -> Callable[[BinaryIO], bool]:
    """Look at the archive's list of names only; nothing is unpacked."""

    def agrees(file: BinaryIO) -> bool:
        file.seek(0)
        if file.read(4) != b"PK\x03\x04":
            return False
        try:
            with zipfile.ZipFile(file) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
            return False
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return agrees


def _text(file: BinaryIO) -> bool:
    file.seek(0)
    if file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        return False
    file.seek(0)
    while chunk := file.read(_CHUNK):
        if chunk.translate(None, _PLAIN):
            return False
    return True


def _json(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in b'{["-0123456789tfn' and _text(file)


_OOXML = "application/vnd.openxmlformats-officedocument."
_JPEG = FileType("image/jpeg", _starts(b"\xff\xd8\xff"))
TYPES = {
    "pdf": FileType("application/pdf", _starts(b"%PDF-")),
    "png": FileType("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "txt": FileType("text/plain; charset=utf-8", _text),
    "md": FileType("text/plain; charset=utf-8", _text),
    "csv": FileType("text/csv; charset=utf-8", _text),
    "json": FileType("application/json", _json),
    "docx": FileType(f"{_OOXML}wordprocessingml.document", _office("word/")),
    "xlsx": FileType(f"{_OOXML}spreadsheetml.sheet", _office("xl/")),
    "pptx": FileType(f"{_OOXML}presentationml.presentation", _office("ppt/")),
}
"""Extension -> what it promises. No archives (nobody can check what is inside), no HTML or SVG (they can run)."""


def accepted() -> str:
    """Say in words what is taken, for the form."""
    *rest, last = TYPES
    return f"{', '.join(rest)} or {last}, up to {settings.EVIDENCE_MAX_BYTES // 2**20} MB"


def clean_name(name: str) -> str:
    """Return the last part of a name as it came, without control or bidi characters, at most 120 characters long."""
    last = one_line(re.split(r"[/\\]", name)[-1])
    stem, dot, ending = last.rpartition(".")
    if not dot or len(ending) > 10:
        return last[:NAME_LIMIT]
    return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"


@contextmanager
def kept(upload: "UploadedFile[bytes] | None", *, program_id: int) -> Iterator[StoredFile | None]:
    """Store `upload` for the block; when the block fails, the bytes are removed again (nothing half-saved).

    Errors: Invalid at field `file` (empty, too large, quota, type, disk).
    """
    stored = None if upload is None else store(upload, program_id=program_id)
    try:
        yield stored
    except BaseException:
        if stored is not None:
            remove(stored.key)
        raise


def store(upload: "UploadedFile[bytes]", *, program_id: int) -> StoredFile:
    """Check an upload and write it under a generated name; return what the row needs. Errors: Invalid at `file`."""
    name = clean_name(upload.name or "")
    size = upload.size or 0
    _fits(size, program_id)
    kind = TYPES.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None:
        raise Invalid(f"This type of file is not taken. Use {accepted()}, or a link to where it lies.", field="file")
    # Django types the wrapped file loosely; the form parser always hands over a binary file.
    if not kind.agrees(cast(BinaryIO, upload.file)):
        raise Invalid(f"What is in “{name}” is not what its ending says. Save it again, or give a link.", field="file")
    key = uuid.uuid4().hex
    key = f"{key[:2]}/{key}"
    try:
        digest, written = _write(upload, key)
    except OSError as error:
        log.exception("evidence file could not be stored")
        raise Invalid(
            f"The file could not be stored on the server ({error.strerror or 'write error'}); nothing was saved. "
            "Tell the operator, or give a link.",
            field="file",
        ) from error
    return StoredFile(key=key, name=name, size=written, content_type=kind.content_type, sha256=digest)


def remove(key: str) -> None:
    """Delete the stored bytes under `key`, if there are any."""
    _path(key).unlink(missing_ok=True)


def open_stored(key: str) -> IO[bytes]:
    """Open stored bytes for reading. Errors: FileNotFoundError; ValueError for a key this module never made."""
    return _path(key).open("rb")


def _path(key: str) -> Path:
    """Only keys of our own shape become paths, whatever a row says: no `..`, no absolute name."""
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of a stored file")
    return Path(settings.EVIDENCE_ROOT) / key


def _fits(size: int, program_id: int) -> None:
    most = settings.EVIDENCE_MAX_BYTES
    if size == 0:
        raise Invalid("This file is empty.", field="file")
    if size > most:
        raise Invalid(
            f"This file has {size / 2**20:.1f} MB; at most {most // 2**20} MB are taken. Give a link instead.",
            field="file",
        )
    count, total = stored_files(program_id)
    if total + size > settings.EVIDENCE_PROGRAM_MAX_BYTES or count >= MOST_FILES:
        raise Invalid(
            f"This program has used its room for files ({settings.EVIDENCE_PROGRAM_MAX_BYTES // 2**20} MB or "
            f"{MOST_FILES} files). Give a link instead.",
            field="file",
        )


def _write(upload: "UploadedFile[bytes]", key: str) -> tuple[str, int]:
    """Write to a temporary name, then rename: a reader never sees half a file, a crash leaves no believed one."""
    path = _path(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    digest, written = hashlib.sha256(), 0
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in upload.chunks(_CHUNK):
                digest.update(chunk)
                written += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return digest.hexdigest(), written
