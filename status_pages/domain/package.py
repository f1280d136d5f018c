"""Judges the bytes of an uploaded slide template before any library opens them. Pure; unpacks nothing to a disk.

A presentation is an archive of XML. What is looked for: an archive that grows, a macro or another program inside, a
part that fetches something from outside when the file is opened, and XML that defines entities (security.md 6, P21).
"""

import io
import zipfile
from xml.etree import ElementTree

BYTES = 5 * 1024 * 1024
"""The largest template that is taken."""
UNPACKED = 60 * 1024 * 1024
PARTS = 2000
MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_ACTIVE = ("vbaproject", "/activex/", "/embeddings/", ".exe", ".js", ".vbs")
_CONTENT = "[Content_Types].xml"


class Unfit(ValueError):
    """The file is no template that is taken; the text says why, to the person who chose it."""


def check_package(content: bytes) -> None:
    """Return for a plain presentation of fair size. Errors: Unfit, with the reason."""
    if len(content) > BYTES:
        raise Unfit(f"The file is larger than {BYTES // 1024 // 1024} MB.")
    if not content.startswith(b"PK\x03\x04"):
        raise Unfit("This is no PowerPoint file (.pptx).")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise Unfit("The file is damaged or encrypted.") from error


def _parts(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    # The size a part claims is all the library reads of it, so the sum of claims bounds what can be unpacked.
    if len(entries) > PARTS or sum(entry.file_size for entry in entries) > UNPACKED:
        raise Unfit("The file unpacks to more than a template can need.")
    names = {entry.filename for entry in entries}
    if _CONTENT not in names or len(names) != len(entries):
        raise Unfit("This is no PowerPoint file (.pptx).")
    kinds = archive.read(_CONTENT)
    if any(word in kinds.lower() for word in (b"macroenabled", b"vbaproject")):
        raise Unfit("The file holds macros. Save it as a presentation without macros (.pptx).")
    if MAIN not in kinds:
        raise Unfit("This is no presentation (.pptx). Save a template (.potx) or show (.ppsx) as .pptx first.")
    for name in names:
        _part(name, archive)


def _part(name: str, archive: zipfile.ZipFile) -> None:
    lower = name.lower()
    if any(part in f"/{lower}" for part in _ACTIVE):
        raise Unfit(f"The file holds something that can run or be opened from it ({name.rsplit('/', 1)[-1]}).")
    if not lower.endswith((".xml", ".rels")):
        return
    text = archive.read(name)
    plain = text.replace(b"\0", b"").lower()  # UTF-16 reads the same without its zero bytes
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise Unfit("The file holds XML that defines entities, which no presentation needs.")
    if lower.endswith(".rels") and _fetches(text):
        raise Unfit("The file fetches a picture or another part from outside. Embed it and save again.")


def _fetches(relations: bytes) -> bool:
    """Whether a relation leads outside and is no link that somebody would have to click.

    Read as XML and not searched as text: an attribute has many spellings, and a target may hold any word.
    """
    try:
        root = ElementTree.fromstring(relations)  # noqa: S314 - has no document type, see the caller; so no entities
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Unfit("The file is damaged or encrypted.") from error
    return any(
        found.get("TargetMode", "").lower() == "external" and not found.get("Type", "").endswith("/hyperlink")
        for found in root.iter()
    )
