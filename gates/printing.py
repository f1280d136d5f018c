"""Sets a gate pack as PDF with typst. Must not know a model: a sheet goes in as data, bytes come out.

Text of people reaches typst only inside data.json, never inside markup. Fonts are shipped and the machine's own are
ignored, so that the same sheet gives the same file everywhere. Nothing is loaded from a network.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import typst

from gates.domain.sheet import Sheet

FOLDER = Path(__file__).resolve().parent / "typst"
FONTS = FOLDER / "fonts"
LIVE = "The live page may be newer than this file."
NO_GLYPH = "could not be displayed"


@dataclass(frozen=True)
class Origin:
    """Where a sheet comes from: its address, its hash (empty for a preview) and when it was frozen."""

    address: str
    sha256: str
    frozen: str


def pack_pdf(sheet: Sheet, origin: Origin) -> bytes:
    """Return the gate pack as a tagged PDF/UA-1 file.

    Text in a script that no shipped font has cannot be set as PDF/UA; such a pack is set as plain tagged PDF with
    blanks there, and says so. Errors: typst.TypstError for a broken template.
    """
    try:
        return _compile(sheet, origin, note=LIVE, standards=["ua-1"])
    except typst.TypstError as error:
        if NO_GLYPH not in str(error):
            raise
    return _compile(sheet, origin, note=f"{LIVE} Some characters have no font here; the page shows them.", standards=[])


def pack_png(sheet: Sheet, origin: Origin, *, ppi: int = 80) -> list[bytes]:
    """Return the pages as pictures, for looking at them and for tests."""
    pages = typst.compile(  # type: ignore[call-overload]  # the stub leaves out dictionaries of files
        _files(sheet, origin, LIVE), format="png", ppi=ppi, font_paths=[str(FONTS)], ignore_system_fonts=True
    )
    return pages if isinstance(pages, list) else [pages]


def _compile(sheet: Sheet, origin: Origin, *, note: str, standards: list[str]) -> bytes:
    made = typst.compile(  # type: ignore[call-overload]  # as above
        _files(sheet, origin, note),
        format="pdf",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=standards,
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def _files(sheet: Sheet, origin: Origin, note: str) -> dict[str, bytes]:
    data = {
        "sheet": sheet.as_data(),
        "address": origin.address,
        "frozen": origin.frozen,
        "hash": f"SHA-256 {origin.sha256[:16]}…" if origin.sha256 else "not frozen, so no hash",
        "note": note,
    }
    return {
        "main.typ": (FOLDER / "pack.typ").read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }
