"""Opens share links for people without an account: judge on every request, count, slow guesses down (P15).

Must not look at who is signed in: what a link shows depends on the link alone.
"""

import datetime as dt

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from accounts.tokens import digest
from activity import services as activity
from activity.enums import Verb
from core import clock
from programs.selectors import cast_of
from status_pages import policies
from status_pages.models import ShareLink
from status_pages.selectors.links import links
from status_pages.services.looking import look
from status_pages.services.sharing import PURPOSE

WINDOW = 15 * 60
"""Seconds within which tries are counted."""
PASSCODE_TRIES = 5
GUESSES = 30
"""Unknown tokens and visits from one address within the window; more are not even looked up."""


def by_token(token: str, address: str) -> ShareLink | None:
    """Return the link a token opens now; None for every other token, all alike (security.md 4.5)."""
    found = links().filter(token_hash=digest(token, PURPOSE)).first()
    return _judged(found, address)


def by_visit(public_id: str, generation: int, address: str) -> ShareLink | None:
    """Return the link a visit belongs to; None once it was revoked, renewed, or has expired."""
    found = links().filter(public_id=public_id[:16], generation=generation).first()
    return _judged(found, address)


def passcode_opens(link: ShareLink | None, typed: str, address: str) -> bool:
    """Check a passcode, at most five times in a quarter of an hour for a link and for an address.

    Takes the same time for a link that is not there: the hash is worked out in any case.
    """
    keys = [f"passcode:ip:{address}", *([f"passcode:link:{link.pk}"] if link else [])]
    if any([_count(key) > PASSCODE_TRIES for key in keys]) or link is None or not link.passcode:
        make_password(typed[:128])
        return False
    right = check_password(typed[:128], link.passcode)
    if right:
        cache.delete_many(keys)
    return right


@transaction.atomic
def note_view(*, link: ShareLink, shown: str, agent: str) -> ShareLink:
    """Count a view, remember what was shown, and record it with coarse client data; no address is kept."""
    ShareLink.objects.filter(pk=link.pk).update(views=F("views") + 1, last_seen_at=clock.now())
    if shown and look(link, shown):
        link.save(update_fields=["seen", "seen_at", "before", "before_at"])
    activity.record(
        actor_id=None,
        verb=Verb.SHARE_LINK_VIEWED,
        subject_kind="share_link",
        subject_id=link.pk,
        subject_label=link.label,
        data={"program": link.program_id, "portfolio": link.portfolio_id, "client": coarse(agent)},
    )
    return link


def coarse(agent: str) -> str:
    """Name a client in one word, which says enough and identifies nobody."""
    known = (("bot", "robot"), ("preview", "robot"), ("mobile", "phone"), ("mozilla", "browser"))
    return next((word for part, word in known if part in agent.lower()), "other")


def _judged(link: ShareLink | None, address: str) -> ShareLink | None:
    key = f"share-miss:{address}"
    if int(cache.get(key) or 0) > GUESSES:
        return None
    if link is not None and _usable(link, clock.now()):
        return link
    _count(key)
    return None


def _usable(link: ShareLink, now: dt.datetime) -> bool:
    if link.revoked_at is not None or link.expires_at <= now:
        return False
    if link.program is not None:
        return bool(policies.may_share(link.made_by, cast_of(link.program)))
    return bool(policies.may_share_portfolio(link.made_by))


def _count(key: str) -> int:
    """Count one more within the window and return how many."""
    cache.add(key, 0, WINDOW)
    try:
        return int(cache.incr(key))
    except ValueError:  # the window ended between the two
        cache.set(key, 1, WINDOW)
        return 1
