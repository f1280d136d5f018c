"""The status document as things stand now, worked out once for each state of the record."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.core.cache import cache
from django.db.models import Max

from activity.models import Entry
from core import clock
from gates.domain.canonical import canonical
from programs.models import Program
from status_pages.domain.document import document
from status_pages.selectors.facts import status_facts

KEPT = 300
"""Seconds a live document is kept; a change of the record makes another version at once."""


def version_of(program: Program) -> str:
    """Name the state of the record: the newest entry and the program's day (one query)."""
    newest = Entry.objects.filter(program_id=program.pk).order_by("-id").values_list("pk", flat=True).first()
    return f"{newest or 0}.{clock.today(program.time_zone):%Y%m%d}"


def live_text(program: Program, version: str) -> str:
    """Return the canonical text of the live document; worked out anew for a version that is not kept."""
    key = _key(program, version)
    kept: str | None = cache.get(key)
    if kept is None:
        kept = canonical(document(status_facts(program)))
        cache.set(key, kept, KEPT)
    return kept


def live_texts(programs: Sequence[Program], most: int, needed: Collection[int]) -> dict[int, str]:
    """Return live texts by program: all that are kept, and up to `most` worked out anew, those in `needed` in any case.

    One query, and those of each document that is made anew.
    """
    versions = _versions(programs)
    keys = {program.pk: _key(program, versions[program.pk]) for program in programs}
    kept: dict[str, str] = cache.get_many(keys.values())
    found = {pk: kept[key] for pk, key in keys.items() if key in kept}
    missing = sorted((p for p in programs if p.pk not in found), key=lambda program: program.pk not in needed)
    for made, program in enumerate(missing):
        if made < most or program.pk in needed:
            found[program.pk] = live_text(program, versions[program.pk])
    return found


def _versions(programs: Sequence[Program]) -> dict[int, str]:
    rows = Entry.objects.filter(program_id__in=[program.pk for program in programs]).order_by()
    newest = dict(rows.values_list("program_id").annotate(Max("pk")))
    return {p.pk: f"{newest.get(p.pk) or 0}.{clock.today(p.time_zone):%Y%m%d}" for p in programs}


def _key(program: Program, version: str) -> str:
    return f"status:{program.pk}:{version}"


def read(text: str) -> dict[str, Any]:
    """Return a document from its text; dates stay text, as every output reads them."""
    found: dict[str, Any] = json.loads(text)
    return found
