"""Reads snapshots: the stored text and nothing else, and how one differs from another or from now. Must not write."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from core import clock
from core.gathering import PreparedRows
from gates.domain.canonical import canonical, digest
from gates.domain.difference import Fact, FactKind, difference, material
from gates.enums import SnapshotKind
from gates.models import Snapshot
from gates.selectors.freezing import Moment, document_of
from phases.models import Event

Document = Mapping[str, Any]
OF_CRITERIA = (FactKind.CRITERION, FactKind.EVIDENCE, FactKind.WAIVER, FactKind.OWNER, FactKind.DATE)
"""Kinds of facts whose subject may be a criterion."""


@dataclass(frozen=True)
class Stored:
    """A snapshot with its document; `intact` says that the text still has the hash it was stored with."""

    snapshot: Snapshot
    document: Document
    intact: bool


@dataclass(frozen=True)
class Changed:
    """What differs between two documents: what is material, then by kind, then what later gates look at.

    `later` names the criteria that the gate of the older document did not look at.
    """

    facts: tuple[Fact, ...]
    later: frozenset[str] = frozenset()

    @property
    def material(self) -> tuple[Fact, ...]:
        """Those that ask for a mini-gate (G20)."""
        return material(self.facts)

    @property
    def by_kind(self) -> list[tuple[FactKind, list[Fact]]]:
        """The rest of what the gate looked at, under headings in a fixed order."""
        found: dict[FactKind, list[Fact]] = {}
        for fact in self.facts:
            if not fact.material and not self._is_ahead(fact):
                found.setdefault(fact.kind, []).append(fact)
        return list(found.items())

    @property
    def ahead(self) -> tuple[Fact, ...]:
        """What moved at criteria of later gates and is not material: work that went on."""
        return tuple(fact for fact in self.facts if not fact.material and self._is_ahead(fact))

    def _is_ahead(self, fact: Fact) -> bool:
        return fact.kind in OF_CRITERIA and fact.subject in self.later


_WITHOUT_DOCUMENTS = PreparedRows(
    lambda event: Snapshot.objects.filter(event=event).defer("document").order_by("-id").select_related("decision")
)


def snapshots_of(event: Event) -> list[Snapshot]:
    """Return the snapshots of a gate, newest first, without their documents (one query)."""
    found = _WITHOUT_DOCUMENTS.rows(event.pk)
    for snapshot in found:
        snapshot.event, snapshot.program = event, event.program
    return found


def find_snapshot(event: Event, snapshot_id: int) -> Stored:
    """Return one snapshot of a gate (one query). Errors: Http404."""
    snapshot = Snapshot.objects.filter(event=event, pk=snapshot_id).first()
    if snapshot is None:
        raise Http404("No such snapshot")
    return _stored(snapshot, event)


def decided_snapshot(event: Event) -> Stored | None:
    """Return the snapshot of the gate's newest decision, None before there is one (one query)."""
    rows = Snapshot.objects.filter(event=event, kind=SnapshotKind.DECISION).order_by("-id")
    snapshot = rows.first()
    return _stored(snapshot, event) if snapshot else None


def newest_snapshot(event: Event) -> Stored | None:
    """Return the newest snapshot of a gate: the decision's, else that of its review (one query)."""
    snapshot = Snapshot.objects.filter(event=event).order_by("-id").first()
    return _stored(snapshot, event) if snapshot else None


def current_document(event: Event) -> Document:
    """Return the document of a gate as things stand now, in the form it would be stored in."""
    now, today = clock.now(), clock.today(event.program.time_zone)
    found: Document = json.loads(canonical(document_of(Moment(event, None, now, today))))
    return found


def changed(then: Document, now: Document) -> Changed:
    """Compare two documents (G20)."""
    counted = {row["slug"] for row in then["criteria"] if row["counts"]}
    known = {row["slug"] for side in (then, now) for row in side["criteria"]}
    return Changed(difference(then, now), frozenset(known - counted))


def _stored(snapshot: Snapshot, event: Event) -> Stored:
    snapshot.event, snapshot.program = event, event.program
    return Stored(snapshot, json.loads(snapshot.document), digest(snapshot.document) == snapshot.sha256)
