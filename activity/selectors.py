"""Reads the record. Must not decide who may see it."""

import datetime as dt

from django.db.models import Max, QuerySet

from activity.models import Entry


def of_program(program_id: int) -> QuerySet[Entry]:
    """Return a program's entries, newest first."""
    return Entry.objects.filter(program_id=program_id).order_by("-id")


def of_subject(kind: str, subject_id: int) -> QuerySet[Entry]:
    """Return what happened to one thing, newest first."""
    return Entry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("-id")


def last_at(program_id: int) -> dt.datetime | None:
    """Return when anything last happened in a program (G12: ten quiet days turn it grey)."""
    newest: dt.datetime | None = of_program(program_id).aggregate(at=Max("at"))["at"]
    return newest


def newest_entry() -> int:
    """Return the number of the newest entry about any program, 0 before the first (one query)."""
    rows = Entry.objects.filter(program_id__isnull=False).order_by("-id")
    return rows.values_list("pk", flat=True).first() or 0
