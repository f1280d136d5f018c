"""Makes, renews, revokes and opens feeds. The token leaves this module once and is not kept (security.md section 4)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.services.addresses import renew, revoke
from accounts.tokens import digest, new_token
from activity import services as activity
from activity.enums import Verb
from calendars import policies
from calendars.enums import FeedKind
from calendars.models import Feed
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import one_line
from programs.models import Portfolio, Program

MOST = 20
"""Feeds one person has at a time; more is a mistake or a way to hide one."""
_PURPOSE = "calendars.feed"


@dataclass(frozen=True)
class Made:
    """A feed with its token, which is shown once; None when the same form was sent again."""

    feed: Feed
    token: str | None


@transaction.atomic
def make_feed(
    *,
    actor: User,
    kind: FeedKind,
    label: str,
    program: Program | None = None,
    portfolio: Portfolio | None = None,
    key: str = "",
) -> Made:
    """Make a feed. Errors: NotAllowed, Invalid (label, too many)."""
    twin = Feed.objects.filter(form_key=key, made_by=actor).first() if key else None
    if twin is not None:
        return Made(twin, None)
    label = one_line(label)[:80]
    feed = Feed(kind=kind, program=program, portfolio=portfolio, label=label, made_by=actor, made_at=clock.now())
    policies.may_subscribe(actor, feed).require()
    if not label:
        raise Invalid("Say which calendar it is for.", field="label")
    if Feed.objects.filter(made_by=actor, revoked_at=None).count() >= MOST:
        raise Invalid(f"You have {MOST} feeds; revoke one that nobody uses first.", field="label")
    token = new_token()
    feed.token_hash, feed.form_key = digest(token, _PURPOSE), key or None
    feed.save()
    _record(actor, Verb.CALENDAR_FEED_MADE, feed)
    return Made(feed, token)


@transaction.atomic
def rotate_feed(*, actor: User, feed: Feed) -> Made:
    """Give a feed a new token; the old one ends with the next fetch. Errors: NotAllowed, Conflict (revoked)."""
    feed = _lock(feed)
    policies.may_rotate(actor, feed).require()
    policies.may_subscribe(actor, feed).require()
    token = renew(feed, _PURPOSE, "feed")
    _record(actor, Verb.CALENDAR_FEED_ROTATED, feed)
    return Made(feed, token)


@transaction.atomic
def revoke_feed(*, actor: User, feed: Feed) -> Feed:
    """End a feed with the next fetch; twice is once. Errors: NotAllowed."""
    feed = _lock(feed)
    policies.may_revoke(actor, feed).require()
    if revoke(feed):
        _record(actor, Verb.CALENDAR_FEED_REVOKED, feed)
    return feed


def open_feed(token: str) -> Feed | None:
    """Return the feed a token opens now; None for every other token, all alike.

    Unlike with share links guesses are not counted by address: calendar services fetch for many people from one
    address, and one revoked feed among them must not shut out the others. 256 bits cannot be guessed.
    """
    found = Feed.objects.select_related("program__portfolio", "portfolio", "made_by")
    feed = found.filter(token_hash=digest(token, _PURPOSE), revoked_at=None).first()
    return feed if feed is not None and policies.may_subscribe(feed.made_by, feed) else None


def note_fetch(feed: Feed) -> None:
    """Count a fetch; it is convenience, no record: calendars ask every few hours for years."""
    Feed.objects.filter(pk=feed.pk).update(fetches=F("fetches") + 1, fetched_at=clock.now())


def _lock(feed: Feed) -> Feed:
    return locked(Feed.objects.select_related("program", "made_by").filter(pk=feed.pk)).get()


def _record(actor: User, verb: Verb, feed: Feed) -> None:
    """An entry about a feed; it names the program in its data only, so that subscribing is no update of it (G12)."""
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind="calendar_feed",
        subject_id=feed.pk,
        subject_label=feed.label,
        data={"program": feed.program_id, "portfolio": feed.portfolio_id, "kind": str(feed.kind)},
    )
