"""What must fit together in a playbook: references, days, tiers, separation of duties.

Works on the raw tree, not on the typed playbook, so that one missing field does not hide the faults elsewhere:
everything wrong is told at once. Must not repeat what the typed models check about single fields.
"""

from collections.abc import Iterator
from typing import Any

from playbooks.domain.faults import Fault, Path, place_of
from playbooks.domain.shapes import known, show
from playbooks.domain.yamltree import Tree

REQUIRED_ROLES = ("sponsor", "program-manager")

_EACH = "*"
_REFERENCES: tuple[tuple[Path, str], ...] = (
    (("workstreams", _EACH, "phase"), "phases"),
    (("workstreams", _EACH, "lead"), "roles"),
    (("events", _EACH, "phase"), "phases"),
    (("events", _EACH, "gatekeepers", _EACH), "roles"),
    (("criteria", _EACH, "event"), "events"),
    (("criteria", _EACH, "dimension"), "dimensions"),
    (("criteria", _EACH, "owner"), "roles"),
    (("criteria", _EACH, "verifier"), "roles"),
    (("criteria", _EACH, "evidence_type"), "evidence_types"),
    (("tasks", _EACH, "workstream"), "workstreams"),
    (("tasks", _EACH, "owner"), "roles"),
    (("tasks", _EACH, "feeds", _EACH), "criteria"),
    (("risks", _EACH, "escalation"), "escalation_paths"),
    (("risks", _EACH, "owner"), "roles"),
    (("risks", _EACH, "raise_from_phase"), "phases"),
    (("escalation_paths", _EACH, "levels", _EACH, "roles", _EACH), "roles"),
    (("metrics", _EACH, "owner"), "roles"),
    (("ownership_areas", _EACH, "role"), "roles"),
    (("stakeholder_groups", _EACH, "owner"), "roles"),
    (("governance_calendar", _EACH, "owner"), "roles"),
)
_SLUGGED = (
    "frameworks",
    "roles",
    "dimensions",
    "evidence_types",
    "phases",
    "workstreams",
    "events",
    "criteria",
    "tasks",
    "risks",
    "escalation_paths",
    "metrics",
    "program_measures",
    "ownership_areas",
    "stakeholder_groups",
    "governance_calendar",
    "decisions",
)
_SINGULAR = {"criteria": "criterion"}
_LABELLED = ("criteria", "risks", "governance_calendar")


def cross_check(tree: Tree) -> Iterator[Fault]:
    """Every fault that only shows when sections are read together."""
    for path, message in _faults(tree.data):
        yield Fault(tree.line_of(path), place_of(path), message)


def _faults(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    yield from _duplicates(data)
    yield from _references(data)
    yield from _required_roles(data)
    yield from _labels(data)
    yield from _phases(data)
    yield from _events(data)
    yield from _criteria(data)
    yield from _tasks(data)
    yield from _raci(data)
    yield from _stakeholder_phases(data)
    yield from _calendar(data)
    yield from _risk_scale(data)


def _rows(data: dict[str, Any], section: str) -> list[tuple[int, dict[str, Any]]]:
    rows = data.get(section)
    return [(at, row) for at, row in enumerate(rows) if isinstance(row, dict)] if isinstance(rows, list) else []


def _by_slug(data: dict[str, Any], section: str) -> dict[str, dict[str, Any]]:
    return {row["slug"]: row for _, row in _rows(data, section) if isinstance(row.get("slug"), str)}


def _day(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _duplicates(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for section in _SLUGGED:
        first: dict[str, int] = {}
        for at, row in _rows(data, section):
            slug = row.get("slug")
            if isinstance(slug, str) and first.setdefault(slug, at) != at:
                yield (section, at, "slug"), f"{show(slug)} is already used by {section}[{first[slug]}]"


def _find(value: Any, pattern: Path, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that `pattern` leads to; ``*`` stands for each entry of a list."""
    if not pattern:
        yield path, value
        return
    step, rest = pattern[0], pattern[1:]
    if step == _EACH and isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _find(inner, rest, (*path, at))
    elif isinstance(value, dict) and step in value:
        yield from _find(value[step], rest, (*path, step))


def _references(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for pattern, section in _REFERENCES:
        names = _by_slug(data, section)
        for path, value in _find(data, pattern):
            if isinstance(value, str) and value not in names:
                yield path, _unknown(value, section, names)


def _unknown(value: str, section: str, names: dict[str, Any]) -> str:
    what = _SINGULAR.get(section, section.removesuffix("s").replace("_", " "))
    listed = f"; known: {known(names)}" if len(names) <= 20 else ""
    article = "an" if what[0] in "aeiou" else "a"
    return f"{show(value)} is not {article} {what} of this playbook{listed}"


def _required_roles(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    names = _by_slug(data, "roles")
    for slug in REQUIRED_ROLES:
        if names and slug not in names:
            yield ("roles",), f'the role "{slug}" is missing; every program needs it'


def _labels(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    names = _by_slug(data, "frameworks")
    for section in _LABELLED:
        for at, row in _rows(data, section):
            labels = row.get("relates_to")
            for slug in labels if isinstance(labels, dict) else ():
                if slug not in names:
                    yield (section, at, "relates_to", slug), f"{show(slug)} is not one of frameworks: {known(names)}"


def _phases(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    expected = 1
    for at, row in _rows(data, "phases"):
        start, end = _day(row.get("start_day")), _day(row.get("end_day"))
        if start is None or end is None:
            return
        if start != expected:
            yield ("phases", at, "start_day"), f"must be {expected}, the day after the phase before, not {start}"
        if end < start:
            yield ("phases", at, "end_day"), f"day {end} lies before the phase's first day {start}"
        expected = end + 1


def _phase_of(data: dict[str, Any], slug: Any) -> tuple[int, int] | None:
    row = _by_slug(data, "phases").get(slug) if isinstance(slug, str) else None
    start, end = (_day(row.get("start_day")), _day(row.get("end_day"))) if row else (None, None)
    return (start, end) if start is not None and end is not None else None


def _events(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for at, row in _rows(data, "events"):
        day, span = _day(row.get("day")), _phase_of(data, row.get("phase"))
        if day is not None and span is not None and not span[0] <= day <= span[1]:
            yield ("events", at, "day"), f"day {day} lies outside its phase (days {span[0]} to {span[1]})"
        if row.get("kind") == "gate" and not row.get("gatekeepers"):
            yield ("events", at, "gatekeepers"), "a gate needs at least one gatekeeper"


def _criteria(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    events = _by_slug(data, "events")
    for at, row in _rows(data, "criteria"):
        event = row.get("event")
        found = events.get(event) if isinstance(event, str) else None
        due, day = _day(row.get("due_day")), _day(found.get("day")) if found else None
        span = _phase_of(data, found.get("phase")) if found else None
        if due is not None and day is not None and due > day:
            yield ("criteria", at, "due_day"), f"day {due} lies after its event {event} (day {day})"
        elif due is not None and span is not None and due < span[0]:
            yield ("criteria", at, "due_day"), f"day {due} lies before its phase (days {span[0]} to {span[1]})"
        if isinstance(row.get("owner"), str) and row["owner"] == row.get("verifier"):
            yield ("criteria", at, "verifier"), f"{show(row['owner'])} owns this criterion and cannot verify it (G2)"


def _tasks(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    streams = _by_slug(data, "workstreams")
    for at, row in _rows(data, "tasks"):
        start, due = _day(row.get("start_day")), _day(row.get("due_day"))
        stream = row.get("workstream")
        found = streams.get(stream) if isinstance(stream, str) else None
        span = _phase_of(data, found.get("phase")) if found else None
        if start is not None and due is not None and due < start:
            yield ("tasks", at, "due_day"), f"day {due} lies before its start day {start}"
        for key, day in (("start_day", start), ("due_day", due)):
            if day is not None and span is not None and not span[0] <= day <= span[1]:
                yield ("tasks", at, key), f"day {day} lies outside its phase (days {span[0]} to {span[1]})"


def _raci(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    roles = _by_slug(data, "roles")
    for at, row in _rows(data, "raci"):
        cells = row.get("assignments")
        if not isinstance(cells, dict):
            continue
        for slug in cells:
            if slug not in roles:
                yield ("raci", at, "assignments", slug), _unknown(slug, "roles", roles)
        accountable = [slug for slug, letters in cells.items() if isinstance(letters, list) and "A" in letters]
        if len(accountable) != 1:
            yield ("raci", at, "assignments"), f"exactly one role must be accountable (A), not {len(accountable)}"


def _stakeholder_phases(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    names = _by_slug(data, "phases")
    for at, row in _rows(data, "stakeholder_groups"):
        phase = row.get("phase")
        if isinstance(phase, str) and phase != "all" and phase not in names:
            yield ("stakeholder_groups", at, "phase"), f'{show(phase)} is neither "all" nor a phase: {known(names)}'


def _calendar(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    ends = [end for _, row in _rows(data, "phases") if (end := _day(row.get("end_day"))) is not None]
    last = max(ends, default=0)
    for at, row in _rows(data, "governance_calendar"):
        first = _day(row.get("first_day"))
        if first is not None and first <= last:
            yield ("governance_calendar", at, "first_day"), f"day {first} is not after the last phase (day {last})"
        repeats = row.get("repeats")
        for path, until in _find(repeats, ("default", _EACH, "until_day")):
            day = _day(until)
            if day is not None and first is not None and day < first:
                yield ("governance_calendar", at, "repeats", *path), f"day {day} lies before the first day {first}"


def _risk_scale(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    scale = data.get("risk_scale")
    if not isinstance(scale, dict):
        return
    responses = scale.get("responses")
    for at, row in _rows(data, "risks"):
        response = row.get("default_response")
        if isinstance(responses, list) and isinstance(response, str) and response not in responses:
            yield (
                ("risks", at, "default_response"),
                f"{show(response)} is not a response; known: {known(responses)}",
            )
    bands = scale.get("bands")
    expected = 1
    for name, band in bands.items() if isinstance(bands, dict) else ():
        if not (isinstance(band, list) and len(band) == 2 and all(_day(edge) is not None for edge in band)):
            return
        if band[0] != expected or band[1] < band[0]:
            yield (
                ("risk_scale", "bands", name),
                f"must start at {expected}, where the band before ends, and not run backwards",
            )
        expected = band[1] + 1
