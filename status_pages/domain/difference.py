"""Names every fact in which two status documents differ. Pure; knows nothing of where they came from.

Rows of a list are told apart by their `key`, so that a risk that moves up is a changed score and not a changed row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEFT_OUT = frozenset({"taken", "schema", "kind", "key", "path", "shown", "words"})
"""What is no fact of the program: when it was taken, and how it is addressed or printed."""
_WORDS = {
    "asks": "Decision asked",
    "areas": "Where it stands",
    "coming": "Coming up",
    "musts": "must-meets",
    "musts_met": "must-meets verified",
    "by_rules": "by the rules",
    "how": "how it is set",
    "top": "top risks",
}


@dataclass(frozen=True)
class Changed:
    """One fact: where it stands, what was there, what is there; empty text where it was not there at all."""

    panel: str
    fact: str
    before: str
    after: str


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """Return every changed fact, in the order of the page; nothing for equal documents."""
    old, new = dict(_flat(before, ())), dict(_flat(after, ()))
    places = list(new) + [place for place in old if place not in new]
    return [
        Changed(_word(place[0]), ", ".join(_word(part) for part in place[1:]), old.get(place, ""), new.get(place, ""))
        for place in places
        if old.get(place, "") != new.get(place, "")
    ]


def _flat(value: object, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name not in LEFT_OUT:
                yield from _flat(item, (*place, str(name)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, item in enumerate(value):
            keyed = isinstance(item, Mapping) and "key" in item
            if keyed and set(item) == {"key"}:
                continue
            yield from _flat(item, (*place, str(item["key"]) if keyed else str(index + 1)))
    else:
        yield place, _written(value)


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _word(part: str) -> str:
    return _WORDS.get(part, part.replace("_", " ").replace("-", " "))
