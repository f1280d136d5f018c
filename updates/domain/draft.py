"""Drafts a status update from what happened: finished, slipped, risen, asked (issue 5). Pure.

The manager never types what the record already knows. Entries come in as plain values; what is not in the table
below is no news for an executive.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SHOWN = 12
"""Facts of one group that are kept; more are counted."""


class Group(StrEnum):
    """What a fact says about the program, in the order in which an update opens."""

    FINISHED = "finished"
    SLIPPED = "slipped"
    RISEN = "risen"
    ASKED = "asked"

    @property
    def label(self) -> str:
        """Words on screen."""
        return self.value.capitalize()


@dataclass(frozen=True)
class Happened:
    """One activity entry as plain values."""

    verb: str
    kind: str
    subject: int
    label: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """One drafted fact, as a sentence."""

    group: Group
    text: str
    key: tuple[str, int]

    def as_data(self) -> dict[str, str]:
        """Return what is kept with the update."""
        return {"group": self.group.value, "text": self.text}


_PLAIN: Mapping[str, tuple[Group, str]] = {
    "task.done": (Group.FINISHED, "{label} is done"),
    "criterion.verified": (Group.FINISHED, "Verified: {label}"),
    "condition.closed": (Group.FINISHED, "Condition closed: {label}"),
    "issue.closed": (Group.FINISHED, "Issue closed: {label}"),
    "event.decided": (Group.FINISHED, "{label}: {outcome}"),
    "criterion.sent_back": (Group.SLIPPED, "Sent back: {label}"),
    "criterion.reopened": (Group.SLIPPED, "Reopened: {label}"),
    "task.reopened": (Group.SLIPPED, "Reopened: {label}"),
    "event.lapsed": (Group.SLIPPED, "{label} lapsed to Hold"),
    "event.replanned": (Group.SLIPPED, "{label} was replanned"),
    "issue.opened": (Group.RISEN, "New issue: {label}"),
    "metric.breached": (Group.RISEN, "Limit breached: {label}"),
    "role.vacated": (Group.RISEN, "Nobody is {label} any more"),
    "waiver.expired": (Group.RISEN, "Waiver expired: {label}"),
    "launch_step.halted": (Group.RISEN, "Rollout halted at {label}"),
    "exception.raised": (Group.ASKED, "{label}"),
    "waiver.requested": (Group.ASKED, "Waiver asked for: {label}"),
    "scope.requested": (Group.ASKED, "Scope change asked for: {label}"),
    "event.review_opened": (Group.ASKED, "{label} is in review"),
}
_MOVES = ("item.redated", "event.redated", "item.forecast")
_UNDONE = {"task.reopened": "task.done", "criterion.reopened": "criterion.verified", "issue.reopened": "issue.closed"}


def draft(entries: Iterable[Happened]) -> list[Fact]:
    """Return the facts of `entries` (oldest first): one per thing and group, the newest word counting.

    What was finished and opened again is not finished; a date that came back to where it was did not slip.
    """
    found: dict[tuple[Group, str, int], Fact] = {}
    first_dates: dict[tuple[str, int, str], dt.date | None] = {}
    for entry in entries:
        thing = (entry.kind, entry.subject)
        undone = _UNDONE.get(entry.verb)
        if undone is not None:
            found.pop((_PLAIN[undone][0], *thing), None)
        fact = _moved(entry, first_dates) if entry.verb in _MOVES else _plain(entry)
        if entry.verb in _MOVES:
            found.pop((Group.SLIPPED, *thing), None)
        if fact is not None:
            place = (fact.group, *thing)
            found.pop(place, None)
            found[place] = fact
    order = list(Group)
    return sorted(found.values(), key=lambda fact: order.index(fact.group))


def grouped(facts: Iterable[Mapping[str, str]]) -> list[tuple[Group, list[str], int]]:
    """Return kept facts under their headings, every heading present, with how many were not shown."""
    rows = list(facts)
    out = []
    for group in Group:
        texts = [row["text"] for row in rows if row["group"] == group.value]
        out.append((group, texts[:SHOWN], max(0, len(texts) - SHOWN)))
    return out


def _plain(entry: Happened) -> Fact | None:
    if entry.verb == "risk.rescored":
        return _rescored(entry)
    known = _PLAIN.get(entry.verb)
    if known is None:
        return None
    group, words = known
    outcome = str(entry.data.get("outcome") or "decided").replace("-", " ")
    return Fact(group, words.format(label=entry.label.rstrip("."), outcome=outcome), (entry.kind, entry.subject))


def _rescored(entry: Happened) -> Fact | None:
    before, after = entry.data.get("before"), entry.data.get("after")
    if not isinstance(before, int) or not isinstance(after, int) or after <= before:
        return None
    text = f"Risk up from {before} to {after}: {entry.label.rstrip('.')}"
    return Fact(Group.RISEN, text, (entry.kind, entry.subject))


def _moved(entry: Happened, first: dict[tuple[str, int, str], dt.date | None]) -> Fact | None:
    before, after = _date(entry.data.get("before")), _date(entry.data.get("after"))
    which = "forecast" if entry.verb == "item.forecast" else "agreed"
    place = (entry.kind, entry.subject, which)
    start = first.setdefault(place, before)
    if after is None or start is None or after <= start:
        return None
    days = (after - start).days
    word = "is expected" if which == "forecast" else "moved"
    text = f"{entry.label.rstrip('.')} {word} {days} day{'s' if days != 1 else ''} later, to {after.day} {after:%b}"
    return Fact(Group.SLIPPED, text, (entry.kind, entry.subject))


def _date(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
