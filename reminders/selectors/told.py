"""One reminder and all that explains it: its mail, every attempt, what else was in that mail, its relatives (rule 8).

Decides which of it a reader may see. Must not write.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy

from django.conf import settings
from django.db.models import Q
from django.http import Http404

from accounts.models import User
from programs.models import Program
from programs.querysets import visible_to
from reminders.models import Attempt, Delivery
from reminders.selectors.resends import resent_by

RELATIVES = 30
_LINK = re.compile(r"https?://[^\s<>\"]+")
_PLAIN = re.compile(r"/(?:programs(?:/[a-z0-9_-]{1,60})*|profile|work)?/?(?:#[a-z0-9_-]{1,60})?")
CLOSED = "[a link for the recipient alone]"


@dataclass(frozen=True)
class Told:
    """One reminder with what belongs to it.

    `others` are the other reminders in the same mail that the reader may see, `unseen` counts those of programs that
    are closed to them; `text` is None when there is none or the reader may not see it.
    """

    row: Delivery
    attempts: tuple[Attempt, ...]
    others: tuple[Delivery, ...]
    unseen: int
    relatives: tuple[Delivery, ...]
    again: dict[int, str]
    text: str | None


def find_delivery(program: Program, delivery_id: int) -> Delivery:
    """One reminder of a program with its recipient and mail. Errors: Http404."""
    return _found(Q(program=program, pk=delivery_id))


def find_own(reader: User, slug: str, delivery_id: int) -> Delivery:
    """One reminder that `reader` got, also about a program they have no part in (yet, or any more). Errors: Http404.

    Every mail asks "why did I get this?", also that to somebody who is only asked to take a role over.
    """
    return _found(Q(program__slug=slug, pk=delivery_id, user=reader))


def _found(which: Q) -> Delivery:
    row = Delivery.objects.select_related("user", "mail", "program").filter(which).first()
    if row is None:
        raise Http404("No such reminder")
    return row


def told(row: Delivery, reader: User, *, may_read: bool) -> Told:
    """All about a reminder that `reader` may see (4 queries at most, 5 when somebody sent one again).

    The recipient sees what else was in their mail; others only what is of this program. The text is shown when
    `may_read` and every program in the mail is open to the reader, links that act for the recipient left out.
    """
    together = _together(row)
    recipient = reader.pk == row.user_id
    open_to = {row.program_id} if recipient else _open(reader, row, together)
    others = tuple(r for r in together if recipient or r.program_id == row.program_id)
    whole = recipient or all(r.program_id in open_to for r in together)
    attempts = tuple(Attempt.objects.filter(mail=row.mail_id)) if row.mail_id else ()
    relatives = _relatives(row)
    return Told(
        row=row,
        attempts=attempts,
        others=others,
        unseen=len(together) - len(others),
        relatives=relatives,
        again=resent_by([row, *relatives]),
        text=_text(row, recipient=recipient) if may_read and whole else None,
    )


def _together(row: Delivery) -> list[Delivery]:
    """The other reminders in the same mail."""
    if row.mail_id is None:
        return []
    same = Delivery.objects.filter(mail=row.mail_id).exclude(pk=row.pk).select_related("program")
    return list(same.order_by("urgency", "pk"))


def _open(reader: User, row: Delivery, together: list[Delivery]) -> set[int]:
    programs = {other.program_id for other in together} - {row.program_id}
    seen = set(visible_to(reader).filter(pk__in=programs).values_list("pk", flat=True)) if programs else set()
    return seen | {row.program_id}


def _relatives(row: Delivery) -> tuple[Delivery, ...]:
    """What else one rule said or will say to one person about one item: other steps, other dates, by hand."""
    same = Q(program=row.program_id, item_kind=row.item_kind, item_id=row.item_id, rule=row.rule, user=row.user_id)
    rows = Delivery.objects.filter(same).exclude(pk=row.pk).select_related("program").order_by("-planned_for", "-pk")
    return tuple(rows[:RELATIVES])


def _text(row: Delivery, *, recipient: bool) -> str | None:
    """The plain part of the mail as it was frozen; None when nothing was frozen."""
    if row.mail is None or row.mail.mime is None:
        return None
    part = message_from_bytes(bytes(row.mail.mime), policy=policy.default).get_body(preferencelist=("plain",))
    text = str(part.get_content()).strip() if part is not None else ""
    return text if recipient else _LINK.sub(_without_keys, text)


def _without_keys(found: re.Match[str]) -> str:
    """Keep addresses of plain pages; one that may carry a key to act as the recipient is left out."""
    address = found.group()
    inside = address.removeprefix(settings.SITE_URL)
    return address if inside != address and _PLAIN.fullmatch(inside) else CLOSED
