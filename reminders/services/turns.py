"""From one mail to the next: what the server said to the last, whether the next is still whole, and that it starts.

These are four tables and one commit, once per mail, so on PostgreSQL they are one statement and one round trip; SQLite
takes the same steps one by one. Must not render or speak to a mail server.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core.locks import locked
from programs.domain.localtime import local_date
from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, Mail
from reminders.services.freezing import Ready
from reminders.services.outcomes import SendCount, record, start
from reminders.services.transport import Reply


@dataclass(frozen=True)
class Answered:
    """A mail that was handed over, and what the server said to it when."""

    ready: Ready
    attempt: Attempt
    reply: Reply
    at: datetime


@transaction.atomic(savepoint=False)
def begin(one: Ready, now: datetime) -> Attempt | None:
    """Write that a mail is about to leave; None when our claim or something in it is gone (P11).

    What was cancelled since it was claimed is noticed here, right before the server is spoken to.
    """
    return start(one.mail, now, repeated=one.repeated) if still_whole(one) else None


def still_whole(ready: Ready) -> bool:
    """Whether our claim stands and nothing in the mail was cancelled since it was frozen; locks its reminders.

    Who wants to cancel one waits, and then finds that a server is being spoken to. Two statements by primary key: as
    one with a join it was at the mercy of statistics, which are stale exactly when many mails have just been made.
    """
    mail = ready.mail
    if not Mail.objects.filter(pk=mail.pk, claim=mail.claim, state=State.LEASED).exists():
        return False
    rows = locked(Delivery.objects.filter(pk__in=ready.rows)).order_by("pk").values_list("mail_id", "state")
    return list(rows) == [(mail.pk, State.LEASED)] * len(ready.rows)


def turn(last: Answered, one: Ready, now: datetime, count: SendCount) -> Attempt | None:
    """Write down an acceptance and begin the next mail, in one commit; None when the next must not leave.

    Two mails are locked here, so somebody who wants them the other way round may end it: then nothing is written, and
    whatever the database raised is raised.
    """
    if connection.vendor == "postgresql" and not (last.ready.repeated or one.repeated):
        attempt = _in_one_statement(last, one, now)
        count.sent += 1
        return attempt
    sent_before = count.sent
    try:
        with transaction.atomic():
            record(last.ready, last.attempt, last.reply, last.at, count)
            return begin(one, now)
    except Exception:
        count.sent = sent_before  # it was taken back with the rest
        raise


_STATEMENT = f"""
WITH told AS (
    UPDATE {Attempt._meta.db_table} SET outcome = %(accepted)s, reply = %(reply)s, ended_at = %(at)s
    WHERE id = %(attempt)s
), sent AS (
    UPDATE {Mail._meta.db_table}
    SET state = %(sent)s, reply = %(reply)s, sent_at = %(at)s, reason = '', lease_until = NULL, claim = ''
    WHERE id = %(last)s AND claim || state = %(last_claim)s
), closed AS (
    UPDATE {Delivery._meta.db_table} SET state = %(sent)s, reason = '', mail_id = %(last)s, sent_on = %(sent_on)s
    WHERE id = ANY(%(last_rows)s)
), begun AS (
    UPDATE {Mail._meta.db_table} SET subject = %(subject)s, mime = %(mime)s, address = %(address)s
    WHERE id = %(mail)s AND claim || state = %(claim)s AND cardinality(%(rows)s) = (
        SELECT count(*) FILTER (WHERE mail_id = %(mail)s AND state = %(leased)s)
        FROM (SELECT mail_id, state FROM {Delivery._meta.db_table} WHERE id = ANY(%(rows)s) FOR SHARE) AS seen
    )
    RETURNING id
)
INSERT INTO {Attempt._meta.db_table} (mail_id, number, started_at, outcome, reply)
SELECT id, %(number)s, %(now)s, %(started)s, '' FROM begun
RETURNING id
"""  # noqa: S608  (names of tables from the models, no values)
"""The same as `record` of an acceptance and `begin`. Its parts see one snapshot and touch different rows; those of the
next mail are locked as they are looked at, by plain ids, whatever the statistics of its tables say."""


def _in_one_statement(last: Answered, one: Ready, now: datetime) -> Attempt | None:
    mail, before = one.mail, last.ready.mail
    attempt = Attempt(mail=mail, number=mail.attempts, started_at=now)
    values: dict[str, Any] = {
        "accepted": Outcome.ACCEPTED.value,
        "started": Outcome.STARTED.value,
        "leased": State.LEASED.value,
        "sent": State.SENT.value,
        "attempt": last.attempt.pk,
        "reply": last.reply.text,
        "at": last.at,
        "last": before.pk,
        "last_claim": before.claim + State.LEASED.value,
        "last_rows": list(last.ready.rows),
        "sent_on": local_date(last.at, before.user.time_zone),
        "mail": mail.pk,
        "claim": mail.claim + State.LEASED.value,
        "rows": list(one.rows),
        "subject": mail.subject,
        "mime": mail.mime,
        "address": mail.address,
        "number": attempt.number,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        found = cursor.fetchone()
    if found is None:
        return None
    attempt.pk = found[0]
    return attempt
