"""What leaves the house: the parts of a status document that a share link may show, picked one by one. Pure.

An allow-list, so that a new part of the document is not shared before somebody decided that it may be: no address
inside the application, no internal id, no condition, no role that is vacant by name of its former holder.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Doc = Mapping[str, Any]
PLAIN = ("verdict", "status", "value", "readiness", "results", "metrics", "gates")
PROGRAM = ("name", "time_zone", "start", "end", "state", "day", "days", "phase", "phase_number", "phases", "next_gate")
COMING = ("gate", "checkpoint", "decision", "way back")
DROPPED = frozenset({"path", "slug"})


def public(document: Doc, *, names: bool) -> dict[str, Any]:
    """Return the shared form of a document read from JSON; without `names` every person is their role."""
    found: dict[str, Any] = {name: document[name] for name in PLAIN}
    found["taken"] = {"today": document["taken"]["today"]}
    found["program"] = {name: document["program"][name] for name in PROGRAM}
    found["asks"] = [
        {
            name: ask[name]
            for name in ("key", "kind", "question", "options", "recommendation", "by", "silence", "asked_on")
        }
        for ask in document["asks"]
    ]
    found["areas"] = [
        {name: area[name] for name in ("key", "name", "colour", "word", "sentence")} for area in document["areas"]
    ]
    found["risk"] = document["risk"]
    found["coming"] = [
        {name: row[name] for name in ("key", "on", "title", "kind")}
        for row in document["coming"]
        if row["kind"] in COMING
    ]
    hide = (lambda text: text) if names else _hider(document)
    shown: dict[str, Any] = _walk(found, hide)
    return shown


def without_keys(value: Any) -> Any:
    """Return a shared document without the keys by which its rows are told apart: they are no outsider's business."""
    if isinstance(value, Mapping):
        return {name: without_keys(item) for name, item in value.items() if name != "key"}
    if isinstance(value, list):
        return [without_keys(item) for item in value]
    return value


def _walk(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _walk(item, hide) for name, item in value.items() if name not in DROPPED}
    if isinstance(value, list):
        return [_walk(item, hide) for item in value]
    return hide(value) if isinstance(value, str) else value


def _hider(document: Doc) -> Callable[[str], str]:
    """Replace each person's name by their role in every text, also in what people wrote."""
    people = sorted(set(_people(document)), key=lambda pair: -len(pair[0]))

    def hide(text: str) -> str:
        for name, role in people:
            text = text.replace(name, role)
        return text

    return hide


def _people(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if set(value) == {"name", "role"} and value["name"]:
            yield str(value["name"]), str(value["role"])
        for item in value.values():
            yield from _people(item)
    elif isinstance(value, list):
        for item in value:
            yield from _people(item)
