"""The mail providers whose reports are understood, in anymail's own parsers, and their events as our rows.

anymail's views are used for what they know: checking a report (`run_validators`: secret and signature) and reading it
(`parse_events`). Its signal is not: a direct call says who does what, and an error in our part can be told from one in
the report. Must not write.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailersend import MailerSendTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.mailtrap import MailtrapTrackingWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from anymail.webhooks.unisender_go import UnisenderGoTrackingWebhookView
from django.http import HttpRequest

from core.text import one_line
from reminders.domain.bounces import says_soft
from reminders.models import MailEvent

# Amazon SES, Postal and Resend are left out: checking their signatures needs libraries this project does not carry.
VIEWS: dict[str, type[AnymailCoreWebhookView]] = {
    "brevo": BrevoTrackingWebhookView,
    "mailersend": MailerSendTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "mailtrap": MailtrapTrackingWebhookView,
    "mandrill": MandrillCombinedWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "sendgrid": SendGridTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
    "unisender_go": UnisenderGoTrackingWebhookView,
}
RAW_MOST = 8_000
"""Characters of a provider's own words that are kept."""


class Unreadable(Exception):
    """A report that is signed or authorised badly (`forged`), or that cannot be read."""

    def __init__(self, *, forged: bool) -> None:
        super().__init__("forged" if forged else "unreadable")
        self.forged = forged


def read_report(provider: str, request: HttpRequest, now: datetime) -> list[MailEvent]:
    """Check a provider's report and return its events as unsaved rows. Errors: Unreadable."""
    view: Any = VIEWS[provider]()
    try:
        view.run_validators(request)
        events: Iterable[Any] = view.parse_events(request)
        return [_row(provider, event, now) for event in events if isinstance(event, AnymailTrackingEvent)]
    except AnymailWebhookValidationFailure:
        raise Unreadable(forged=True) from None
    # What parsers of ten providers raise for what is no report of theirs; nothing of ours is called in here.
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unreadable(forged=False) from error


def _row(provider: str, event: AnymailTrackingEvent, now: datetime) -> MailEvent:
    own: Mapping[str, Any] = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    raw = json.dumps(own, default=str, sort_keys=True)
    address = one_line(str(event.recipient or "")).lower()[:254]
    words = one_line(str(event.mta_response or event.description or ""))[:300]
    # Not every provider numbers its events; then the event itself is its number, and a repeat is the same one.
    number = str(event.event_id or hashlib.sha256(f"{event.event_type}|{address}|{raw}".encode()).hexdigest())
    return MailEvent(
        provider=provider,
        event_id=number[:100],
        kind=str(event.event_type)[:20],
        reason=str(event.reject_reason or "")[:20],
        soft=says_soft(own, str(event.mta_response or ""), str(event.description or "")),
        address=address,
        words=words,
        happened_at=event.timestamp or now,
        received_at=now,
        raw=raw[:RAW_MOST],
    )
