"""One-click unsubscribe (RFC 8058): the header, the key in its address, and what a key opens.

A key names a person and the kinds of reminders it stops, under a keyed hash: it needs no row, works signed out and
does not expire, and it opens nothing but this. Must not say who somebody is.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.models import User
from reminders.domain.preferences import could_go, lead_of
from reminders.enums import RuleSlug
from reminders.models import Delivery
from reminders.services.addresses import reverse
from reminders.services.preferences import ask_for_fewest

# Bits of a key; mails that left carry them, so this may only be added to at its end.
_BITS = (
    RuleSlug.GATE_AHEAD,
    RuleSlug.CHECKPOINT_AHEAD,
    RuleSlug.ITEM_DUE,
    RuleSlug.EXPIRY,
    RuleSlug.HOLD_REVIEW,
    RuleSlug.RISK_REVIEW,
    RuleSlug.GOVERNANCE_AHEAD,
    RuleSlug.UPDATE_DUE,
    RuleSlug.UPDATE_PUBLISHED,
    RuleSlug.MY_WEEK,
)
_LAST_BEFORE = 1
"""The lead that counts as the last one here: every mail would need its program's rules otherwise."""
_MAC_BYTES = 15
_LONGEST = 60
ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True)
class Opened:
    """What a key stands for."""

    user: User
    rules: tuple[RuleSlug, ...]


def unsubscribe_headers(user_id: int, rows: Iterable[Delivery]) -> dict[str, str]:
    """The two headers for a mail with something in it that its recipient may stop; none for any other mail."""
    rules = {RuleSlug(row.rule) for row in rows if _optional(row)}
    if not rules:
        return {}
    address = f"{settings.SITE_URL}{reverse('unsubscribe', key_for(user_id, rules))}"
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": ONE_CLICK}


def key_for(user_id: int, rules: Iterable[RuleSlug]) -> str:
    """The key with which one person stops some kinds of reminders, about 25 characters."""
    bits = sum(1 << _BITS.index(rule) for rule in set(rules))
    named = f"{user_id:x}.{bits:x}"
    return f"{named}.{_mac(named, settings.SECRET_KEY)}"


def opened(key: str) -> Opened | None:
    """What a key opens; None for one that is forged, cut, or of somebody who is not active."""
    named, _, mac = key[:_LONGEST].rpartition(".")
    given = mac.encode("utf-8", "surrogatepass")
    secrets = (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))
    if not any(hmac.compare_digest(given, _mac(named, secret).encode()) for secret in secrets):
        return None
    user_id, bits = (int(part, 16) for part in named.split("."))
    user = User.objects.filter(pk=user_id, is_active=True).first()
    rules = tuple(rule for place, rule in enumerate(_BITS) if bits >> place & 1)
    return Opened(user, rules) if user is not None else None


@transaction.atomic
def stop(key: str) -> Opened | None:
    """Stop what a key names, at once; again changes nothing (P12). None when it opens nothing."""
    found = opened(key)
    if found is not None:
        ask_for_fewest(user=found.user, rules=found.rules)
    return found


def _optional(row: Delivery) -> bool:
    return could_go(RuleSlug(row.rule), lead_of(row.step), _LAST_BEFORE)


def _mac(named: str, secret: str) -> str:
    """120 bits under a key of its own use; a shorter hash keeps the header on one line."""
    made = hmac.new(b"reminders.unsubscribe." + secret.encode(), named.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.urlsafe_b64encode(made.digest()[:_MAC_BYTES]).decode()
