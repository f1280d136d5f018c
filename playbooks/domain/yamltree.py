"""Read YAML text into plain lists, dicts and scalars, remembering the line of every value.

Built from parser events, so nothing is ever constructed from a tag, an alias cannot multiply, and depth is bounded
before it costs. Stricter than YAML 1.1 where that bites people: only true/false are booleans (Norway stays "NO"), dates
stay text, keys may not repeat. Must not know what the data means.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from playbooks.domain.faults import Fault, FileFaultsError, Path, place_of

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_VALUES = 50_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile(r"(?:~|null|Null|NULL)?\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,3})?\Z")


@dataclass(frozen=True)
class Tree:
    """What a file says. `lines` gives the line (from 1) of every value by its path; `data` is always a dict."""

    data: dict[str, Any]
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest value around it that the file does contain; 0 if none."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 0)


def read_tree(source: str | bytes) -> Tree:
    """Parse one YAML document whose top level is a mapping.

    Raises `FileFaultsError` for anything else: wrong encoding, bad syntax, tabs, aliases, tags, repeated keys,
    too big, too deep.
    """
    text = _decode(source)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise FileFaultsError([*builder.faults, _syntax_fault(error, text)]) from None
    if builder.faults:
        raise FileFaultsError(builder.faults)
    if not isinstance(builder.root, dict):
        what = (
            "is empty"
            if builder.root is None
            else "must hold keys and values at its top level (program:, people:, ...)"
        )
        raise FileFaultsError([Fault(0, "file", what)])
    return Tree(builder.root, builder.lines)


def _decode(source: str | bytes) -> str:
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise FileFaultsError([Fault(0, "file", f"is {size:,} bytes long; the limit is {MAX_BYTES:,} bytes (1 MB)")])
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise FileFaultsError([Fault(line, "file", "is not UTF-8 text; save it as UTF-8")]) from None


def _syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    if mark is None:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
        return Fault(line, "file", f"is not readable YAML: {problem}")
    line = mark.line + 1
    rows = text.splitlines()
    near = "\n".join(rows[max(0, mark.line - 1) : mark.line + 1])
    if re.search(r"^ *\t", near, re.MULTILINE) or ("\\t" in problem):
        return Fault(line, "file", "a tab is used to indent; YAML wants spaces")
    return Fault(line, "file", f"is not readable YAML: {problem}")


def _scalar(value: str) -> str | int | float | bool | None:
    """A plain (unquoted) scalar by the YAML 1.2 core rules, minus octal, hex, infinity and not-a-number."""
    if _NULL.match(value):
        return None
    if _TRUE.match(value):
        return True
    if _FALSE.match(value):
        return False
    if _INT.match(value):
        return int(value)
    return float(value) if _FLOAT.match(value) else value


class _Frame:
    """A list or mapping that is still open while the events stream by."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        self.value: Any = {} if kind == "map" else []
        self.key: str | None = None
        self.waits_for_key = kind == "map"

    def next_path(self) -> Path:
        return (*self.path, len(self.value) if isinstance(self.value, list) else str(self.key))


class _Builder:
    """Turns parser events into a tree; one method call an event, no recursion."""

    def __init__(self) -> None:
        self.root: Any = None
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._open: list[_Frame] = []
        self._documents = 0
        self._count = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(line, "holds a second document (---); one file describes one thing")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, "an alias (*name) is not allowed; write the value out")
            self._put(None, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._enter(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._leave()

    def _take_scalar(self, event: Any, line: int) -> None:
        self._check_tag(event, line)
        value = _scalar(event.value) if event.implicit[0] else event.value
        top = self._open[-1] if self._open else None
        if top is not None and top.waits_for_key:
            key = event.value
            if key in top.value:
                self.faults.append(Fault(line, place_of((*top.path, key)), "this key appears twice"))
            top.key, top.waits_for_key = key, False
            return
        self._put(value, line)

    def _enter(self, event: Any, line: int) -> None:
        self._check_tag(event, line)
        if len(self._open) >= MAX_DEPTH:
            self._stop(line, f"is nested deeper than {MAX_DEPTH} levels")
        top = self._open[-1] if self._open else None
        if top is not None and top.waits_for_key:
            self._stop(line, "a key must be a single word, not a list or a mapping")
        path = top.next_path() if top is not None else ()
        self.lines[path] = line
        self._open.append(_Frame(path, "map" if isinstance(event, yaml.MappingStartEvent) else "seq"))

    def _leave(self) -> None:
        frame = self._open.pop()
        line = self.lines[frame.path]
        self._put(frame.value, line)

    def _put(self, value: Any, line: int) -> None:
        self._count += 1
        if self._count > MAX_VALUES:
            self._stop(line, f"holds more than {MAX_VALUES:,} values")
        if not self._open:
            self.root = value
            return
        top = self._open[-1]
        self.lines[top.next_path()] = line
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value[top.key] = value
            top.waits_for_key = True

    def _check_tag(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            self._refuse(line, "an anchor (&name) is not allowed; write the value out where it is needed")
        if event.tag is not None:
            self._refuse(line, f"the tag {event.tag} is not allowed; write plain text, numbers, true or false")

    def _refuse(self, line: int, message: str) -> None:
        top = self._open[-1] if self._open else None
        place = "file" if top is None or top.waits_for_key else place_of(top.next_path())
        self.faults.append(Fault(line, place, message))

    def _stop(self, line: int, message: str) -> None:
        raise FileFaultsError([*self.faults, Fault(line, "file", message)])
