"""Reads the record for people: entries with the names of those in them. Must not write."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import User
from activity.models import Entry
from core.gathering import PreparedRows
from core.templatetags.ui import day as written
from dashboard.domain.sentences import Sentence, people_in, sentence


@dataclass(frozen=True)
class Happening:
    """One entry in words, with who and when in the reader's zone."""

    id: int
    words: Sentence
    who: str
    day: dt.date
    time: str


def entries(program_id: int) -> QuerySet[Entry]:
    """Return a program's entries, newest first, with the actor's name (no query per row)."""
    shown = Coalesce(NullIf("name", Value("")), "email", output_field=CharField())
    name = User.objects.filter(pk=OuterRef("actor_id")).values(shown=shown)
    return Entry.objects.filter(program_id=program_id).annotate(actor_name=Subquery(name[:1])).order_by("-id")


NEWEST = 30
_NEWEST = PreparedRows(lambda program: entries(program)[:NEWEST])


def newest(program_id: int) -> list[Entry]:
    """Return the newest of a program's entries (one query)."""
    return _NEWEST.rows(program_id)


def told(rows: Iterable[Entry], zone: str, known: dict[int, str], *, look_up: bool = True) -> list[Happening]:
    """Turn entries into words; with `look_up` at most one query, for people named in them that are not `known`."""
    listed = list(rows)
    names = dict(known)
    missing = {person for row in listed for person in people_in(row.verb, row.data)} - names.keys()
    if missing and look_up:
        names.update({user.pk: str(user) for user in User.objects.filter(pk__in=missing)})

    def name(value: Any) -> str:
        return names.get(value, "somebody who left") if value is not None else "nobody"

    return [_happening(row, zone, name) for row in listed]


def _happening(row: Entry, zone: str, name: Any) -> Happening:
    local = row.at.astimezone(ZoneInfo(zone))
    who = row.actor_name if row.actor_id else "Roadmap 90"  # type: ignore[attr-defined]  # annotated in entries()
    return Happening(
        row.pk,
        sentence(row.verb, row.subject_label, row.data, name, written),
        who or "somebody who left",
        local.date(),
        f"{local:%H:%M}",
    )
