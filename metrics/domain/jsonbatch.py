"""Reads a batch of readings as monitoring systems send it: bytes in, rows and faults out. Pure.

The document is `{"readings": [{"metric", "measured_at", "value", "note"?}, ...]}` or the list alone. Times carry their
offset; numbers are taken exactly as written, never through a binary float.
"""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from metrics.domain.batch import NOTE_LIMIT, Fault, Row, number, out_of_time
from metrics.domain.csvfile import moment

MOST_READINGS = 10_000
MOST_FAULTS = 200
KNOWN = {"metric", "measured_at", "value", "note"}
_UTC = ZoneInfo("UTC")


class TooMany(ValueError):
    """A batch holds more readings than one may (answered with 413)."""


def read(data: bytes, *, now: datetime) -> tuple[list[Row], list[Fault]]:
    """Read a batch. Errors: TooMany; ValueError with a sentence for what is no batch at all."""
    try:
        document = json.loads(data, parse_float=str, parse_int=str, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not readable as JSON: {error}") from error
    listed = document.get("readings") if isinstance(document, dict) else document
    if not isinstance(listed, list) or not listed:
        raise ValueError('send {"readings": [...]} with at least one reading')
    if len(listed) > MOST_READINGS:
        raise TooMany(f"{len(listed):,} readings; send at most {MOST_READINGS:,} at a time")
    rows: list[Row] = []
    faults: list[Fault] = []
    for place, item in enumerate(listed, start=1):
        if len(faults) >= MOST_FAULTS:
            break
        found = _row(place, item, now)
        if isinstance(found, Row):
            rows.append(found)
        else:
            faults.extend(found)
    return rows, faults


def _constant(name: str) -> str:
    return name  # NaN and Infinity then fail as numbers, with their row


def _row(place: int, item: Any, now: datetime) -> Row | list[Fault]:
    if not isinstance(item, dict):
        return [Fault(place, "", "a reading is an object with metric, measured_at and value.")]
    faults = [Fault(place, str(name)[:40], "not a field of a reading.") for name in item if name not in KNOWN]
    for name in item:
        if name in KNOWN and not isinstance(item[name], str):
            faults.append(Fault(place, name, "must be text or a number."))
    if faults:
        return faults
    slug, note = item.get("metric", ""), item.get("note", "")
    if not slug:
        faults.append(Fault(place, "metric", "the metric is missing."))
    at = _aware(item.get("measured_at", ""))
    if isinstance(at, str):
        faults.append(Fault(place, "measured_at", at))
    elif wrong := out_of_time(at, now):
        faults.append(Fault(place, "measured_at", wrong))
    value = number(item.get("value", ""))
    if isinstance(value, str):
        faults.append(Fault(place, "value", value))
    if len(note) > NOTE_LIMIT:
        faults.append(Fault(place, "note", f"a note has at most {NOTE_LIMIT} characters."))
    if faults or not isinstance(at, datetime) or not isinstance(value, Decimal):
        return faults
    return Row(place, slug, at, value, note)


def _aware(text: str) -> datetime | str:
    try:
        if text and datetime.fromisoformat(text).tzinfo is None:
            return "the time has no offset; write it as 2026-11-23T14:05:00Z."
    except ValueError:
        pass  # `moment` says what is wrong
    return moment(text, _UTC)
