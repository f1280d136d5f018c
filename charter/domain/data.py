"""When a data source is described, and when a gap of the data runs late (S34-S37). Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence

from charter.enums import CheckKind, Finding
from programs.domain.calendar import date_of_day

FOUR: Mapping[str, tuple[str, ...]] = {
    "owner": ("owner",),
    "access route": ("access_route",),
    "quality keeper and limits": ("quality_keeper", "quality_limits"),
    "rights and retention": ("rights", "retention"),
}
"""The four things to know about a source; two of them take two fields (S36)."""


def missing(words: Mapping[str, str]) -> list[str]:
    """Return which of the four are not filled; a source is incomplete until none is left."""
    return [name for name, fields in FOUR.items() if not all(words.get(field, "").strip() for field in fields)]


def supply_gaps(sources: Sequence[tuple[str, list[str], Mapping[CheckKind, Finding]]]) -> list[str]:
    """Say what keeps the data supply from being proven: (name, what is missing, newest findings) of each source.

    Sentences; empty when every source is described and found continuously available.
    """
    if not sources:
        return ["The register of data sources is empty."]
    found = []
    for name, lacks, findings in sources:
        if lacks:
            found.append(f"{name}: {', '.join(lacks)} not filled in.")
        if findings.get(CheckKind.CONTINUOUS) is not Finding.YES:
            found.append(f"{name}: not shown to be continuously available.")
    return found


def due_of_gap(start: dt.date, by_day: int, planned: dt.date | None) -> dt.date:
    """The day by which a gap has to be closed: as planned, but never after the program's day `by_day` (S37)."""
    last = date_of_day(start, by_day)
    return last if planned is None else min(planned, last)
