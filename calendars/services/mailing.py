"""What the reminder engine asks about invitations: which still hold, and the calendar file that goes with the mail.

The layout is the one that works most widely: mixed(alternative(text, html, text/calendar), invite.ics), both files the
same bytes, the MIME parameter equal to METHOD in the file, the organizer equal to the mailbox that sends.
"""

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.urls import reverse

from calendars.domain.ics import Item, Mailbox, instant, invitation, uid
from calendars.domain.invites import Content
from calendars.enums import Method
from calendars.models import Invitation
from calendars.services.inviting import key
from reminders.enums import Kind
from reminders.models import Delivery

REPLACED = "A newer version of this invitation follows"


def outdated(rows: list[Delivery]) -> dict[int, str]:
    """Why invitations must not leave any more: a newer version of the person's copy exists (one query at most)."""
    ours = [row for row in rows if row.item_kind == Kind.INVITATION]
    if not ours:
        return {}
    asked = Q(event__in={row.item_id for row in ours}, user__in={row.user_id for row in ours})
    copies = Invitation.objects.filter(asked).values_list("event_id", "sequence", "user_id")
    newest = {key(*copy) for copy in copies}
    return {row.pk: REPLACED for row in ours if row.key not in newest}


def complete(message: EmailMultiAlternatives, row: Delivery, now: dt.datetime) -> None:
    """Put the calendar file into the mail, as a part to act on and as a file. Other mails stay as they are."""
    if row.item_kind != Kind.INVITATION:
        return
    copy = Invitation.objects.select_related("event__program", "user").get(event=row.item_id, user=row.user_id)
    method = Method(copy.method)
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = Mailbox(name or "Roadmap 90", address)
    guest = Mailbox(str(copy.user), message.to[0])
    data = invitation(_item(copy), method, organizer, guest, now)
    # Without a charset: Django adds its own and would double it.
    message.attach_alternative(data.decode(), f"text/calendar; method={method.value.upper()}")
    message.attach("invite.ics", data, "application/ics")


def _item(copy: Invitation) -> Item:
    content = Content.of_json(copy.content)
    link = f"{settings.SITE_URL}{reverse('gate', args=[copy.event.program.slug, copy.event.slug])}"
    return Item(
        uid=uid_of(copy),
        sequence=copy.sequence,
        summary=content.label,
        on=content.on,
        at=instant(content.on, content.at, content.zone) if content.at else None,
        minutes=content.minutes,
        place=content.place,
        url=link,
        note=f"What is decided and what is still open: {link}",
        cancelled=copy.method == Method.CANCEL,
    )


def uid_of(copy: Invitation) -> str:
    """The name of one person's copy of one event in every calendar, for ever."""
    return uid(f"invite-{copy.user_id}", copy.event_id, settings.MAIL_DOMAIN)
