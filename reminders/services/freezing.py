"""The last step before sending: what in a claimed mail still holds, and from that its bytes (rule 6, P2, P11).

What holds is found in one transaction for the whole claim; the bytes are made one mail at a time, outside of it, and
fixed together with the attempt. Must not speak to a mail server.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from core.locks import concerns_everybody, locked
from reminders.defaults import limits
from reminders.enums import Outcome, State
from reminders.models import Attempt, Delivery, Mail
from reminders.services.claiming import settle
from reminders.services.composing import hours_of, take_out
from reminders.services.lookups import Lookups
from reminders.services.outcomes import SendCount, bury, give_back
from reminders.services.rendering import LineFault, render

_log = logging.getLogger(__name__)

NOTHING_LEFT = "Nothing in it had a cause any more"
_OPEN = (State.QUEUED, State.LEASED)
_CLOSED = (State.CANCELLED, State.EXPIRED, State.HELD)
UNTOLD = "It could not be put into a mail"
PAST_HOUR = "Its hour had passed; the next mail brings what still holds"


@dataclass(frozen=True)
class Ready:
    """A claimed mail, the reminders that are in it, and what is known about them."""

    mail: Mail
    kept: tuple[Delivery, ...]
    known: Lookups
    repeated: bool
    """A server may have its bytes already."""

    @property
    def rows(self) -> tuple[int, ...]:
        """The ids of its reminders."""
        return tuple(row.pk for row in self.kept)


def freeze_each(mails: list[Mail], now: datetime, count: SendCount) -> list[Ready]:
    """`freeze`; when that fails for the whole claim, for each mail alone, so that a fault in one blocks nobody (P8).

    A mail that cannot be settled even alone is final. What the database itself lacks is raised.
    """
    try:
        return freeze(mails, now, count)
    except Exception as error:
        if concerns_everybody(error) or (len(mails) == 1 and isinstance(error, OperationalError)):
            raise
        if len(mails) == 1:
            _log.exception("mail %s cannot be settled", mails[0].key)
            with transaction.atomic():
                bury(mails[0], now, f"Could not be settled: {type(error).__name__}: {error}")
            count.failed += 1
            return []
    return [ready for mail in mails for ready in freeze_each([mail], now, count)]


@transaction.atomic
def freeze(mails: list[Mail], now: datetime, count: SendCount) -> list[Ready]:
    """Settle what claimed mails are about, and mark those reminders as being sent."""
    ours = _ours(mails)
    everything = _rows(ours)
    rows = {pk: [row for row in found if row.state in _OPEN] for pk, found in everything.items()}
    known = Lookups(row for of_mail in rows.values() for row in of_mail)
    hours = hours_of((row for of_mail in rows.values() for row in of_mail), now)
    left_before = set(
        Attempt.objects.filter(mail__in=ours, outcome=Outcome.UNCERTAIN).values_list("mail_id", flat=True)
    )
    ready: list[Ready] = []
    for mail in ours:
        held = _holding(rows.get(mail.pk, []), known, now, repeated=mail.pk in left_before)
        kept, until = _in_hours(held, hours, now, repeated=mail.pk in left_before)
        if mail.attempts > limits().attempts:
            bury(mail, now, f"Given up: its worker died {mail.attempts - 1} times")
            count.failed += 1
        elif until is not None:
            give_back([mail], until)
        elif not kept:
            reason = PAST_HOUR if held else NOTHING_LEFT
            settle(mail, state=State.CANCELLED, reason=reason, **_bytes_kept(mail, left_before))
            count.cancelled += 1
        else:
            ready.append(Ready(mail, tuple(kept), known, mail.pk in left_before and mail.mime is not None))
    Delivery.objects.filter(pk__in=[pk for one in ready for pk in one.rows]).update(state=State.LEASED)
    # What is closed will not be in the bytes. So whoever is in a mail was in it when it was handed over.
    out = [row.pk for one in ready if not one.repeated for row in everything[one.mail.pk] if row.pk not in one.rows]
    if out:
        Delivery.objects.filter(pk__in=out, state__in=_CLOSED).update(mail=None)
    return ready


def make(ready: Ready, now: datetime, count: SendCount) -> Ready | None:
    """Make the bytes of a mail, in memory; None for a mail that cannot be made: it is final and blocks nobody (P8).

    A reminder that cannot be told is closed with its reason, and the others leave without it: what is returned says
    which. Bytes that a server may have accepted before go out again unchanged. A lost database is not the mail's fault
    and is raised.
    """
    mail = ready.mail
    if ready.repeated:
        return ready
    try:
        mail.address = mail.user.email
        mail.subject, mail.mime = render(mail, list(ready.kept), now, ready.known)
    except (OperationalError, InterfaceError):
        raise
    except LineFault as fault:
        if len(ready.kept) > 1:
            return make(_without(ready, fault), now, count)
        _give_up(mail, now, count, fault.__cause__ or fault)
        return None
    except Exception as error:
        _give_up(mail, now, count, error)
        return None
    return ready


def _without(ready: Ready, fault: LineFault) -> Ready:
    _log.error("reminder %s cannot be put into a mail", fault.row, exc_info=fault)
    reason = f"{UNTOLD}: {type(fault.__cause__).__name__}"
    Delivery.objects.filter(pk=fault.row, mail=ready.mail).update(state=State.CANCELLED, mail=None, reason=reason)
    return replace(ready, kept=tuple(row for row in ready.kept if row.pk != fault.row))


def _give_up(mail: Mail, now: datetime, count: SendCount, error: BaseException) -> None:
    _log.error("mail %s cannot be made", mail.key, exc_info=error)
    with transaction.atomic():
        bury(mail, now, f"Could not be made: {type(error).__name__}: {error}")
    count.failed += 1


def _ours(mails: list[Mail]) -> list[Mail]:
    """The mails whose claim still stands, locked."""
    tokens = {mail.claim for mail in mails}
    held = locked(Mail.objects.filter(pk__in=[m.pk for m in mails], claim__in=tokens, state=State.LEASED))
    standing = set(held.order_by("pk").values_list("pk", flat=True))
    return [mail for mail in mails if mail.pk in standing]


def _rows(mails: list[Mail]) -> dict[int, list[Delivery]]:
    """All their reminders, locked in one order everywhere, by mail and most urgent first."""
    found: dict[int, list[Delivery]] = {}
    # Not joined: a program is wide, and read once for the batch instead of once for each of its reminders.
    for row in locked(Delivery.objects.filter(mail__in=mails)).prefetch_related("program", "user").order_by("pk"):
        found.setdefault(row.mail_id or 0, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.urgency, row.pk))
    return found


def _holding(rows: Iterable[Delivery], known: Lookups, now: datetime, *, repeated: bool) -> list[Delivery]:
    """Keep what still has a cause; close the rest with its reason."""
    kept: list[Delivery] = []
    for row in rows:
        why = known.why_not(row, now)
        if not why:
            kept.append(row)
            continue
        state = State.EXPIRED if row.expires_at <= now else State.CANCELLED
        why = f"{why} (a first copy may have left)" if repeated else why
        Delivery.objects.filter(pk=row.pk).update(state=state, reason=why)
    return kept


def _in_hours(
    rows: list[Delivery], hours: dict[int, datetime], now: datetime, *, repeated: bool
) -> tuple[list[Delivery], datetime | None]:
    """What may leave at this hour; a retry, a lost worker or an outage may have taken a mail into the night (rule 5).

    A mail that no server can have seen lets go of the rest, for the next day's mail. One that may have left keeps its
    Message-ID and waits as a whole, until the instant that is returned.
    """
    late = [row for row in rows if hours[row.pk] > now]
    if repeated:
        waits = bool(late) and len(late) == len(rows)
        return rows, min(hours[row.pk] for row in late) if waits else None
    for row in late:
        take_out(row, hours[row.pk])
    return [row for row in rows if hours[row.pk] <= now], None


def _bytes_kept(mail: Mail, left_before: set[int]) -> dict[str, None]:
    """Bytes that never left are dropped, so that the mail may be filled again."""
    return {} if mail.pk in left_before else {"mime": None}
