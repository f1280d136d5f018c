"""The web side's watch over the engine: a dead beat cannot tell anybody, so those who serve pages look (P23).

Looked at by every web process, told by one of them: the row of an alarm is locked while it is decided, and the
letter is taken under a lease. Letters go straight to the mail backend, past the engine that may be dead. Must not
run inside a request: a mail server that hangs would hold it.
"""

import logging
import smtplib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction

from accounts.mail import Action, letter
from accounts.models import User
from core import clock
from core.locks import locked
from core.text import one_line, shorten
from reminders.domain import alarm_words
from reminders.domain.alarms import Act, Finding, Standing, step, told
from reminders.enums import AlarmKind
from reminders.models import Alarm
from reminders.selectors.watch import Notice, findings, notices

_log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
"""For each word with the mail server."""

TOGETHER_SECONDS = 60
"""For all the letters of one alarm; those that are left are tried again with the next lease."""

PAGE = "/operations/"


@dataclass(frozen=True)
class _Letter:
    """What this process is to tell: the row as it was taken (`next_at` is its lease), and what was found."""

    kind: AlarmKind
    act: Act
    taken: Standing
    finding: Finding | None


def watch() -> tuple[Notice, ...]:
    """Look at the engine once, tell administrators what has to be told, and return the lines for pages.

    Side effects: rows of alarms; mails. A mail that cannot be sent is logged and kept with the alarm.
    """
    now = clock.now()
    found = findings(now)
    if _anything_to_do(found, now):
        for one in _take(now):
            _tell(one, now)
    return notices(found, now)


def _standing(row: Alarm) -> Standing:
    return Standing(row.since, row.next_at, row.tries, row.told_at, row.cleared_at)


def _columns(standing: Standing) -> dict[str, Any]:
    return dict(vars(standing))


def _anything_to_do(found: dict[AlarmKind, Finding], now: datetime) -> bool:
    """Whether some row would change: read without a lock, so that a quiet watch never writes."""
    rows = {row.kind: _standing(row) for row in Alarm.objects.all()}
    return any(
        step(kind, rows.get(kind, Standing()), found.get(kind), now)[0] != rows.get(kind, Standing())
        for kind in AlarmKind
    )


@transaction.atomic
def _take(now: datetime) -> list[_Letter]:
    """Bring the rows up to date and take the letters that are due.

    Under the lock everything is read again: another process may have told it, or it may be over.
    """
    known = set(Alarm.objects.values_list("kind", flat=True))
    for kind in AlarmKind:
        if kind not in known:
            Alarm.objects.get_or_create(kind=kind)
    rows = list(locked(Alarm.objects.all()).order_by("kind"))
    found = findings(now)
    letters = []
    for row in rows:
        kind, before = AlarmKind(row.kind), _standing(row)
        after, act = step(kind, before, found.get(kind), now)
        if after != before:
            changes = _columns(after) | ({} if after.tries else {"error": ""})
            Alarm.objects.filter(kind=kind).update(**changes)
        if act is not Act.NOTHING:
            letters.append(_Letter(kind, act, after, found.get(kind)))
    return letters


def _tell(one: _Letter, now: datetime) -> None:
    """Send the letter to every administrator; what became of it is kept only while the lease is ours."""
    error = _send(one, now)
    ours = Alarm.objects.filter(kind=one.kind, next_at=one.taken.next_at)
    if error:
        _log.error("an alarm (%s) could not be mailed: %s", one.kind, error)
        ours.update(error=shorten(one_line(error), 300))
    else:
        ours.update(error="", **_columns(told(one.kind, one.taken, now)))


def _send(one: _Letter, now: datetime) -> str:
    """Mail every administrator alone. Returns why nobody got it; empty when somebody did."""
    people = list(User.objects.filter(is_active=True, is_administrator=True).order_by("pk"))
    if not people:
        return "There is no active administrator."
    until = time.monotonic() + TOGETHER_SECONDS
    error, reached = "", 0
    connection: Any = get_connection(timeout=TIMEOUT_SECONDS)
    for person in people:
        if time.monotonic() > until:
            break
        try:
            message = _message(one, person, now)
            message.connection = connection
            reached += message.send()
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            error = f"{type(fault).__name__}: {fault}"
    return "" if reached else error or "No mail was taken."


def _message(one: _Letter, person: User, now: datetime) -> Any:
    page = f"{settings.SITE_URL}{PAGE}"
    since = alarm_words.moment(one.taken.since or now, person.time_zone)
    if one.finding is not None:
        subject, parts = alarm_words.subject(one.kind), alarm_words.paragraphs(one.finding, since, page)
        action = Action("Look after it", page)
    else:
        ended = alarm_words.moment(one.taken.cleared_at or now, person.time_zone)
        subject, parts = alarm_words.end_subject(one.kind), alarm_words.end_paragraphs(one.kind, since, ended)
        action = None
    if settings.ROADMAP_REHEARSAL:
        parts = [alarm_words.REHEARSAL, *parts]
    return letter(person.email, subject, "\n\n".join(parts), action)
