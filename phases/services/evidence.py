"""Adds and withdraws proof. A file's bytes are checked and stored by `phases.files`; here only rows change."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Sum

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.text import many_lines, one_line
from phases import policies
from phases.enums import LAUNCHING, UNLOCKING, CriterionState, EvidenceKind
from phases.models import Criterion, Event, Evidence
from phases.services.base import lock, needed, record, save
from programs.selectors import cast_of

NOTE_LIMIT = 5000
TITLE_LIMIT = 200
RESULT_LIMIT = 60


@dataclass(frozen=True)
class StoredFile:
    """A file that passed its checks and lies in the evidence folder under a generated name."""

    key: str
    name: str
    size: int
    content_type: str
    sha256: str


@transaction.atomic
def add_evidence(
    *,
    actor: User,
    criterion: Criterion,
    kind: EvidenceKind,
    title: str,
    effective_date: dt.date,
    url: str = "",
    note: str = "",
    file: StoredFile | None = None,
    describes_version: str = "",
    result: str = "",
    limit: str = "",
) -> Evidence:
    """Attach a link, note or file to a criterion (G19).

    `effective_date` is the day the proof describes, today in the program's zone at the latest. New proof on a
    verified criterion opens its review again: what was verified is no longer all there is.
    `result` and `limit` are the number and what it has to stay within, with their unit; a limit alone says nothing.
    The same proof sent twice is one proof: the row that is there is returned. Errors: NotAllowed, Invalid. A file that
    was refused, or is not the returned row's, has to be removed by the caller.
    """
    criterion = lock(criterion)
    policies.may_work_on(actor, criterion, cast_of(criterion.program)).require()
    not_frozen(criterion)
    _dated(criterion, effective_date)
    evidence = Evidence(
        criterion=criterion,
        kind=kind,
        title=_title(title, url, file),
        effective_date=effective_date,
        describes_version=one_line(describes_version)[:80],
        result=one_line(result)[:RESULT_LIMIT],
        limit=one_line(limit)[:RESULT_LIMIT],
        added_by=actor,
        added_at=clock.now(),
        **_content(kind, url, note, file),
    )
    if evidence.limit and not evidence.result:
        raise Invalid("Give the number that stands against this limit.", field="result")
    twin = _same(evidence)
    if twin is not None:
        return twin
    evidence.save()
    reopen(criterion)
    record(
        actor,
        Verb.EVIDENCE_ADDED,
        criterion,
        evidence=evidence.pk,
        kind=evidence.kind,
        title=evidence.title,
        effective_date=effective_date.isoformat(),
        sha256=evidence.sha256,
    )
    return evidence


@transaction.atomic
def withdraw_evidence(*, actor: User, evidence: Evidence, reason: str) -> Evidence:
    """Take a proof back; it stays on record and the criterion opens again. Errors: NotAllowed, Invalid."""
    criterion = lock(evidence.criterion)
    policies.may_work_on(actor, criterion, cast_of(criterion.program)).require()
    why = needed(reason, "reason", "Say why this proof does not count any more.")
    evidence = Evidence.objects.get(pk=evidence.pk)
    if evidence.withdrawn_at is not None:
        return evidence
    not_frozen(criterion)
    evidence.withdrawn_at = clock.now()
    evidence.save(update_fields=["withdrawn_at"])
    reopen(criterion)
    record(actor, Verb.EVIDENCE_WITHDRAWN, criterion, evidence=evidence.pk, title=evidence.title, reason=why)
    return evidence


def stored_files(program_id: int) -> tuple[int, int]:
    """Return how many files a program holds and their bytes (both have a limit); withdrawn ones are still there."""
    rows = Evidence.objects.filter(criterion__program_id=program_id, kind=EvidenceKind.FILE)
    found = rows.aggregate(count=Count("pk"), total=Sum("file_size"))
    return int(found["count"]), int(found["total"] or 0)


def not_frozen(criterion: Criterion) -> None:
    """Refuse after a decision that let the program go on: what was verified for it stays. Errors: Invalid."""
    if criterion.state != CriterionState.VERIFIED:
        return
    settled = Event.objects.filter(
        program_id=criterion.program_id, day__gte=criterion.event.day, outcome__in=[*UNLOCKING, *LAUNCHING]
    ).first()
    if settled is not None:
        raise Invalid(f"{settled.name} was decided on this proof; it is frozen until the criterion is reopened.")


def _same(evidence: Evidence) -> Evidence | None:
    """A proof of this criterion with the same words and bytes that still counts: what a double press leaves."""
    return Evidence.objects.filter(
        criterion=evidence.criterion,
        withdrawn_at__isnull=True,
        kind=evidence.kind,
        title=evidence.title,
        url=evidence.url,
        note=evidence.note,
        sha256=evidence.sha256,
        effective_date=evidence.effective_date,
        describes_version=evidence.describes_version,
        result=evidence.result,
        limit=evidence.limit,
    ).first()


def _dated(criterion: Criterion, effective_date: dt.date) -> None:
    today = clock.today(criterion.program.time_zone)
    if effective_date > today:
        raise Invalid("The effective date is the day the proof describes; it cannot lie ahead.", field="effective_date")
    if (today - effective_date).days > 3650:
        raise Invalid("That is more than ten years ago; check the year.", field="effective_date")


def _title(title: str, url: str, file: StoredFile | None) -> str:
    cleaned = one_line(title) or (file.name if file else "") or url
    if not cleaned:
        raise Invalid("Give the proof a title.", field="title")
    return cleaned[:TITLE_LIMIT]


def _content(kind: EvidenceKind, url: str, note: str, file: StoredFile | None) -> dict[str, object]:
    if kind == EvidenceKind.LINK:
        address = one_line(url)
        if not address.startswith(("https://", "http://")):
            raise Invalid("A link starts with https:// or http://.", field="url")
        return {"url": address, "note": many_lines(note)[:NOTE_LIMIT]}
    if kind == EvidenceKind.NOTE:
        return {"note": needed(note, "note", "Write the note.", limit=NOTE_LIMIT)}
    if file is None:
        raise Invalid("Choose a file.", field="file")
    return {
        "file_key": file.key,
        "file_name": file.name,
        "file_size": file.size,
        "content_type": file.content_type,
        "sha256": file.sha256,
        "note": many_lines(note)[:NOTE_LIMIT],
    }


def reopen(criterion: Criterion) -> None:
    """Changed proof ends a hand-in or a verification; a criterion that was sent back keeps its reason."""
    if criterion.state in (CriterionState.VERIFIED, CriterionState.HANDED_IN):
        criterion.state = CriterionState.OPEN
        criterion.verified_at = criterion.verified_by = None
        criterion.handed_in_at = criterion.handed_in_by = None
    save(criterion, "state", "verified_at", "verified_by", "handed_in_at", "handed_in_by")
