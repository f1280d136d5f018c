"""Signs of life of the processes around the engine. Must never cost a pass: a sign that cannot be left is logged."""

import logging
import socket
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from core import clock
from core.version import VERSION
from reminders.enums import Process
from reminders.models import Heartbeat

_log = logging.getLogger(__name__)

KEPT = timedelta(days=30)


def seen(name: str, kind: Process, *, now: datetime | None = None) -> None:
    """Note that the process `name` works right now. Errors of the database are logged, not raised."""
    row = Heartbeat(name=name[:120], kind=kind, seen_at=now or clock.now(), version=VERSION)
    try:
        with transaction.atomic():
            Heartbeat.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["name"], update_fields=["kind", "seen_at", "version"]
            )
    except DatabaseError:
        _log.exception("the sign of life of %s could not be left", name)


def task_seen(hostname: str | None, headers: dict[str, object] | None) -> None:
    """Note the worker that runs a task, and the beat that sent it: a beat has no database, its messages tell of it."""
    if hostname:
        seen(hostname if "@" in hostname else f"worker@{hostname}", Process.WORKER)
    beat = (headers or {}).get("beat")
    if isinstance(beat, str) and beat:
        seen(beat, Process.BEAT)


def here(kind: Process) -> str:
    """The name of a process of this host that has no better one: one a host, however many there are."""
    return f"{kind}@{socket.gethostname()}"


def forget(now: datetime) -> None:
    """Drop processes that were not seen for a month: containers get a new name each time they start."""
    old = Heartbeat.objects.filter(seen_at__lt=now - KEPT)
    if old.exists():  # asked every half minute: reading first keeps SQLite's one writer free
        old.delete()
