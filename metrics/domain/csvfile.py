"""Reads a file of readings: bytes in, rows and faults out, each fault with its row and column. Pure.

Takes UTF-8 with or without a byte-order mark, commas or semicolons (then a comma may stand for the decimal point).
Nothing is guessed: what is not understood is a fault, and one fault is enough to import nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from metrics.domain.batch import NOTE_LIMIT, Fault, Row, looks_like_formula, number, out_of_time
from programs.domain.localtime import zone_of

MOST_BYTES = 10_000_000
MOST_ROWS = 100_000
MOST_FAULTS = 200
"""So many faults are named; a file with more is wrong as a whole."""
NEEDED = ("metric", "measured_at", "value")
COLUMNS = (*NEEDED, "unit", "note")


@dataclass
class Read:
    """What a file holds: rows without fault, the faults, and whether more faults were left unnamed."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    cut: bool = False

    def fault(self, row: int, column: str, message: str) -> None:
        """Note a fault, up to the number that is named."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(row, column, message))
        else:
            self.cut = True


def read(data: bytes, *, zone: str, now: datetime, units: Mapping[str, str]) -> Read:
    """Read a file. `units` maps the slugs of known metrics to their units; naive times are those of `zone`."""
    found = Read()
    if len(data) > MOST_BYTES:
        found.fault(1, "", f"the file has more than {MOST_BYTES // 1_000_000} MB.")
        return found
    text = _decoded(data, found)
    if text is None:
        return found
    lines = _lines(text, found)
    header = next(lines, None)
    if header is None:
        found.fault(1, "", "the file is empty.")
        return found
    places = _places(header[1], found)
    if found.faults:
        return found
    local, comma = zone_of(zone), _delimiter(text) == ";"
    for number_, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(found.rows) >= MOST_ROWS:
            found.fault(number_, "", f"a file holds at most {MOST_ROWS:,} readings.")
            break
        _row(number_, cells, places, found, local=local, now=now, units=units, decimal_comma=comma)
    if not found.rows and not found.faults:
        found.fault(2, "", "there is no reading in the file.")
    return found


def _decoded(data: bytes, found: Read) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        row = data.count(b"\n", 0, error.start) + 1
        before = data[start : error.start].decode("latin-1")
        header = data.split(b"\n", 1)[0].decode("latin-1").lstrip("\xef\xbb\xbf").strip()
        names = header.split(_delimiter(header))
        place = before.count(_delimiter(header))
        column = names[place].strip().strip('"') if place < len(names) else ""
        byte = data[error.start]
        found.fault(row, column, f"byte 0x{byte:02X} is not UTF-8; save the file as “CSV UTF-8”.")
        return None


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return ";" if head.count(";") > head.count(",") else ","


def _lines(text: str, found: Read) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it starts on; a broken quotation ends the reading with a fault."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        found.fault(line, "", f"not readable as CSV: {error}.")


def _places(header: list[str], found: Read) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    for name in names:
        if name not in COLUMNS:
            found.fault(1, name or "(empty)", f"not a column; known are {', '.join(COLUMNS)}.")
        elif names.count(name) > 1:
            found.fault(1, name, "this column is there twice.")
    for name in NEEDED:
        if name not in names:
            found.fault(1, name, "this column is missing.")
    return {name: place for place, name in enumerate(names)}


def _row(
    row: int,
    cells: list[str],
    places: Mapping[str, int],
    found: Read,
    *,
    local: ZoneInfo,
    now: datetime,
    units: Mapping[str, str],
    decimal_comma: bool,
) -> None:
    if len(cells) != len(places):
        found.fault(row, "", f"{len(cells)} cells instead of {len(places)}.")
        return
    before = len(found.faults) + found.cut
    cell = {name: cells[place].strip() for name, place in places.items()}
    for name in ("metric", "measured_at", "unit", "note"):
        if looks_like_formula(cell.get(name, "")):
            found.fault(row, name, "a formula; write plain text.")
    at = moment(cell["measured_at"], local)
    if isinstance(at, str):
        found.fault(row, "measured_at", at)
    elif fault := out_of_time(at, now):
        found.fault(row, "measured_at", fault)
    text = cell["value"]
    value = number(text.replace(",", ".") if decimal_comma and text.count(",") == 1 and "." not in text else text)
    if isinstance(value, str):
        found.fault(row, "value", value)
    unit = cell.get("unit", "")
    if unit and cell["metric"] in units and unit != units[cell["metric"]]:
        found.fault(row, "unit", f"“{unit[:30]}”, but this metric is measured in “{units[cell['metric']]}”.")
    if len(cell.get("note", "")) > NOTE_LIMIT:
        found.fault(row, "note", f"a note has at most {NOTE_LIMIT} characters.")
    # `cut` counts too: a row whose faults were not named any more is no good row.
    if isinstance(at, datetime) and isinstance(value, str) is False and len(found.faults) + found.cut == before:
        assert not isinstance(value, str)  # noqa: S101 - said above; the type checker needs it in these words
        found.rows.append(Row(row, cell["metric"], at, value, cell.get("note", "")))


def moment(text: str, local: ZoneInfo) -> datetime | str:
    """Read a day or a moment in ISO form; without an offset it is one of `local`. Returns what is wrong otherwise."""
    if not text:
        return "the time is missing."
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return f"“{text[:30]}” is not a time; write it as 2026-11-23 or 2026-11-23T14:05+01:00."
    try:
        return (at if at.tzinfo else at.replace(tzinfo=local)).astimezone(UTC)
    except OverflowError:
        return "this time is beyond what a calendar holds."
