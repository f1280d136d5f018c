"""Writes a document in the one form that is hashed: same content, same bytes, on every machine (G11). Pure.

Canonical JSON: keys sorted, no spaces, UTF-8, no floats (a float has more than one spelling; numbers with a fraction
are text), dates in ISO form, instants in UTC. The schema version is part of the document. The text is stored exactly
as it was hashed, so that nothing that changes later (names, playbook, code) can change what is shown.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

SCHEMA = 1
"""The version of the document's layout; a reader of an older one has to know what it meant."""


def canonical(document: Mapping[str, object]) -> str:
    """Return the canonical text of a document.

    Errors: TypeError for what has no single spelling (floats, sets, objects), ValueError for a naive instant, a key
    that is no text, or a document without its `schema` number.
    """
    schema = document.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise ValueError("a document says its schema version")
    return json.dumps(plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Return the SHA-256 of a canonical text as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: object) -> object:
    """Return a value made of texts, whole numbers, booleans, None, lists and dictionaries only."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)  # an enum's member becomes its text
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal | Fraction | dt.date):
        return _text(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def exact(value: object) -> object:
    """Return JSON data with its floats as exact decimals: 0.2, not 0.200000000000000011."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [exact(item) for item in value]
    return value


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"the key {key!r} is no text")
    return str(key)


def _text(value: Decimal | Fraction | dt.date) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is no number")
        # One spelling for 4, 4.0 and 4E0; zero has no sign.
        short = format(value.normalize(), "f")
        return "0" if short in ("-0", "0") else short
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value.isoformat()
