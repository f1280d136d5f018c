"""Stores readings: one by hand, a file, a batch over HTTP. All or nothing, and sending the same again changes nothing.

Rows of a metric are written under its lock, so that looking for what is there and adding what is not cannot be
overtaken; the database's own unique index stands behind that.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import one_line
from metrics import policies
from metrics.domain import csvfile
from metrics.domain.batch import NOTE_LIMIT, Fault, Row, against_stored, out_of_time, rounded
from metrics.domain.limits import plain
from metrics.enums import ReadingSource
from metrics.models import ApiToken, Metric, Reading, ReadingImport
from metrics.services.alerts import settle
from metrics.services.base import lock, reason, record, short
from programs.models import Program
from programs.selectors import cast_of

LOOKED_UP = 5_000
"""Times asked for in one query: below the number of parameters SQLite takes."""


class Faulty(Invalid):
    """Readings that were refused, each fault with its row and column; nothing of the batch was stored."""

    def __init__(self, faults: Sequence[Fault], *, cut: bool = False) -> None:
        super().__init__(str(faults[0]) if len(faults) == 1 else f"{len(faults)} faults; nothing was stored.")
        self.faults, self.cut = tuple(faults), cut


@dataclass(frozen=True)
class Stored:
    """What a batch came to: how many readings are new, and how many were there already."""

    saved: int
    unchanged: int


@transaction.atomic
def ingest(
    *,
    program: Program,
    rows: Sequence[Row],
    source: ReadingSource,
    actor: User | None = None,
    token: ApiToken | None = None,
    allowed: Iterable[str] | None = None,
) -> Stored:
    """Store a batch and judge the metrics it touches. The caller asked who may send it.

    `allowed` narrows the metrics to those the sender may measure. The number of queries does not grow with the batch
    (it grows with the alerts that open). Errors: Faulty.
    """
    named = {row.metric for row in rows}
    if allowed is not None:
        named &= set(allowed)
    metrics = list(locked(Metric.objects.filter(program=program, slug__in=named).order_by("pk")))
    for metric in metrics:
        metric.program = program
    by_slug = {metric.slug: metric for metric in metrics}
    fresh, unchanged, faults = against_stored(
        rows,
        {metric.slug: metric.unit for metric in metrics},
        _stored(by_slug, rows),
        repeats_are_faults=source is ReadingSource.CSV,
    )
    if faults:
        raise Faulty(faults[: csvfile.MOST_FAULTS], cut=len(faults) > csvfile.MOST_FAULTS)
    now = clock.now()
    Reading.objects.bulk_create(
        Reading(
            metric_id=by_slug[row.metric].pk,
            measured_at=row.measured_at,
            value=row.value,
            source=source,
            entered_by=actor,
            token=token,
            received_at=now,
            note=one_line(row.note),
        )
        for row in fresh
    )
    if fresh:
        settle(metrics, actor=actor)
    return Stored(len(fresh), unchanged)


def _stored(by_slug: Mapping[str, Metric], rows: Sequence[Row]) -> dict[tuple[str, dt.datetime], Decimal]:
    slugs = {metric.pk: slug for slug, metric in by_slug.items()}
    times = sorted({row.measured_at for row in rows if row.metric in by_slug})
    if not times:
        return {}
    there = Reading.objects.filter(metric__in=slugs, current=True).order_by()
    wanted = there.values_list("metric_id", "measured_at", "value")
    # What lies between the first and the last moment is cheap to ask for and nearly always little. Where a few late
    # readings span a long past, their moments are asked for one by one instead.
    most = 2 * len(rows) + 100
    listed = list(wanted.filter(measured_at__range=(times[0], times[-1]))[: most + 1])
    if len(listed) > most:
        parts = (times[start : start + LOOKED_UP] for start in range(0, len(times), LOOKED_UP))
        listed = [row for part in parts for row in wanted.filter(measured_at__in=part)]
    return {(slugs[metric_id], at): value for metric_id, at, value in listed}


@transaction.atomic
def add_reading(*, actor: User, metric: Metric, measured_at: dt.datetime, value: Decimal, note: str = "") -> Reading:
    """Write one reading down. The same one again is the one that is there.

    Errors: NotAllowed; Invalid for a time ahead, or one that has another value already.
    """
    metric = lock(metric)
    policies.may_measure(actor, metric, cast_of(metric.program)).require()
    if wrong := out_of_time(measured_at, clock.now()):
        raise Invalid(wrong.capitalize(), field="measured_at")
    value = rounded(value)
    there = Reading.objects.filter(metric=metric, current=True, measured_at=measured_at).first()
    if there is not None:
        if there.value == value:
            return there
        raise Invalid(f"{plain(there.value)} is stored for this time; correct that reading.", field="measured_at")
    row = Reading.objects.create(
        metric=metric,
        measured_at=measured_at,
        value=value,
        source=ReadingSource.FORM,
        entered_by=actor,
        received_at=clock.now(),
        note=short(one_line(note), "note", NOTE_LIMIT),
    )
    record(actor.pk, Verb.READING_ADDED, metric, value=plain(value), measured_at=measured_at.isoformat())
    settle([metric], actor=actor)
    return row


@transaction.atomic
def correct_reading(*, actor: User, reading: Reading, value: Decimal, why: str) -> Reading:
    """Put a new row in the place of one that was wrong; the old value stays on record with the reason.

    Errors: NotAllowed; Invalid without a reason; Conflict when it was corrected already.
    """
    metric = lock(reading.metric)
    policies.may_measure(actor, metric, cast_of(metric.program)).require()
    said = reason(why, "reason", "Say why it was wrong.")
    old = Reading.objects.get(pk=reading.pk)
    value = rounded(value)
    if not old.current:
        newer = old.corrected_by
        if (newer.value, newer.reason, newer.entered_by_id) == (value, said, actor.pk):
            return newer
        raise Conflict("Somebody corrected this reading first.", current=f"{plain(newer.value)}: {newer.reason}")
    if old.value == value:
        raise Invalid("This is the value that is stored.", field="value")
    old.current = False
    old.save(update_fields=["current"])
    row = Reading.objects.create(
        metric=metric,
        measured_at=old.measured_at,
        value=value,
        source=ReadingSource.FORM,
        entered_by=actor,
        received_at=clock.now(),
        note=old.note,
        corrects=old,
        reason=said,
    )
    record(
        actor.pk,
        Verb.READING_CORRECTED,
        metric,
        measured_at=old.measured_at.isoformat(),
        value_before=plain(old.value),
        value_after=plain(value),
        reason=said,
    )
    settle([metric], actor=actor, because=f"The reading was corrected: {said}")
    return row


def stage_import(*, actor: User, program: Program, name: str, data: bytes) -> ReadingImport:
    """Check a file without storing a reading (the dry run); what is without fault waits for `finish_import`.

    Files of this program that wait since yesterday are dropped. Errors: NotAllowed, Faulty.
    """
    metrics = list(Metric.objects.filter(program=program))
    cast = cast_of(program)
    policies.may_import(actor, cast, metrics).require()
    mine = [metric for metric in metrics if policies.may_measure(actor, metric, cast)]
    rows = _read(data, program, mine)
    fresh, unchanged, faults = against_stored(
        rows, {m.slug: m.unit for m in mine}, _stored({m.slug: m for m in mine}, rows), repeats_are_faults=True
    )
    if faults:
        raise Faulty(faults[: csvfile.MOST_FAULTS], cut=len(faults) > csvfile.MOST_FAULTS)
    counts: dict[str, int] = {}
    for row in fresh:
        counts[row.metric] = counts.get(row.metric, 0) + 1
    now = clock.now()
    with transaction.atomic():
        old = ReadingImport.objects.filter(program=program, imported_at=None)
        old.filter(uploaded_at__lt=now - dt.timedelta(days=1)).delete()
        return ReadingImport.objects.create(
            program=program,
            name=one_line(name)[:120] or "readings.csv",
            text=data.decode("utf-8-sig"),
            sha256=hashlib.sha256(data).hexdigest(),
            uploaded_by=actor,
            uploaded_at=now,
            summary={
                "fresh": len(fresh),
                "unchanged": unchanged,
                "metrics": counts,
                "first": min(row.measured_at for row in rows).isoformat(),
                "last": max(row.measured_at for row in rows).isoformat(),
            },
        )


@transaction.atomic
def finish_import(*, actor: User, staged: ReadingImport) -> ReadingImport:
    """Store what was checked; checked again against what is there by now. Pressing twice imports once.

    Errors: NotAllowed (only who brought it), Faulty.
    """
    row = locked(ReadingImport.objects.filter(pk=staged.pk).select_related("program")).get()
    program = row.program
    metrics, cast = list(Metric.objects.filter(program=program)), cast_of(program)
    policies.may_import(actor, cast, metrics).require()
    if row.imported_at is not None:
        return row
    mine = [metric for metric in metrics if policies.may_measure(actor, metric, cast)]
    rows = _read(row.text.encode(), program, mine)
    stored = ingest(
        program=program, rows=rows, source=ReadingSource.CSV, actor=actor, allowed=[metric.slug for metric in mine]
    )
    row.imported_at, row.text, row.saved = clock.now(), "", stored.saved
    row.save(update_fields=["imported_at", "text", "saved"])
    activity.record(
        actor_id=actor.pk,
        verb=Verb.READINGS_IMPORTED,
        subject_kind="reading_import",
        subject_id=row.pk,
        subject_label=row.name,
        program_id=program.pk,
        data={"saved": stored.saved, "unchanged": stored.unchanged, "sha256": row.sha256},
    )
    return row


def _read(data: bytes, program: Program, metrics: list[Metric]) -> list[Row]:
    units = {metric.slug: metric.unit for metric in metrics}
    found = csvfile.read(data, zone=program.time_zone, now=clock.now(), units=units)
    if found.faults:
        raise Faulty(found.faults, cut=found.cut)
    return found.rows
