"""The status document as things stand now, worked out once for each state of the record."""

import json
from typing import Any

from django.core.cache import cache

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
    key = f"status:{program.pk}:{version}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = canonical(document(status_facts(program)))
        cache.set(key, kept, KEPT)
    return kept


def read(text: str) -> dict[str, Any]:
    """Return a document from its text; dates stay text, as every output reads them."""
    found: dict[str, Any] = json.loads(text)
    return found
