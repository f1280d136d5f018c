"""Reads status snapshots: the stored text and nothing else. Must not write."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from gates.domain.canonical import digest
from programs.models import Program
from status_pages.enums import Trigger
from status_pages.models import StatusSnapshot
from status_pages.selectors.live import read

RAIL = 8


@dataclass(frozen=True)
class Stored:
    """A snapshot with its document; `intact` says that the text still has the hash it was stored with."""

    snapshot: StatusSnapshot
    document: dict[str, Any]
    intact: bool


def rail_of(program: Program, limit: int = RAIL) -> list[StatusSnapshot]:
    """Return the newest snapshots without their documents, newest first (one query)."""
    found = list(StatusSnapshot.objects.filter(program=program).defer("document")[:limit])
    for snapshot in found:
        snapshot.program = program
    return found


def find_snapshot(program: Program, snapshot_id: int) -> Stored:
    """Return one snapshot of a program (one query). Errors: Http404."""
    found = StatusSnapshot.objects.filter(program=program, pk=snapshot_id).first()
    if found is None:
        raise Http404("No such snapshot")
    return stored(found, program)


def newest(program: Program, trigger: Trigger | None = None) -> StatusSnapshot | None:
    """Return the newest snapshot, or the newest of one kind (one query)."""
    rows = StatusSnapshot.objects.filter(program=program)
    found = (rows.filter(trigger=trigger) if trigger else rows).first()
    if found is not None:
        found.program = program
    return found


def first_comparison(program: Program, *, live: bool) -> StatusSnapshot | None:
    """Return what somebody's first look is compared with (one query).

    The newest weekly snapshot; for a page that shows only what was published, the update before the one it shows.
    """
    rows = StatusSnapshot.objects.filter(program=program, trigger=Trigger.WEEKLY if live else Trigger.UPDATE)
    return rows.first() if live else next(iter(rows[1:2]), None)


def stored(snapshot: StatusSnapshot, program: Program) -> Stored:
    """Read a snapshot's text and check it against its hash."""
    snapshot.program = program
    return Stored(snapshot, read(snapshot.document), digest(snapshot.document) == snapshot.sha256)
