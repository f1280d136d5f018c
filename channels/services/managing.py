"""Adds, changes, pauses, renews and removes channels, asks for a test and for another try.

A signing secret leaves this module once, when it is made; an address never does.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from channels import policies
from channels.domain.payloads import post_of
from channels.domain.signing import SECRET_BYTES, as_secret
from channels.enums import CHOOSABLE, Kind, Topic
from channels.models import Channel, ChannelPost
from channels.selectors.log import SENDABLE, is_past
from channels.services.http import fault_of
from channels.services.queueing import STANDS, Wanted, queue
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import one_line
from programs.models import Program
from programs.selectors import cast_of
from reminders.enums import State

MOST = 10
OVERLAP = dt.timedelta(hours=24)
"""How long the secret before still signs after a renewal."""
QUICKER = "Somebody changed this channel meanwhile. Save again to set yours."
OFF = "Chats and webhooks are switched off in this installation."


@dataclass(frozen=True)
class ChannelInput:
    """What somebody typed; an empty address keeps the one there is."""

    name: str
    kind: Kind
    url: str
    topics: Sequence[str]


@dataclass(frozen=True)
class Made:
    """A channel, and its signing secret where one was made just now: it is shown once."""

    channel: Channel
    secret: str = ""


@transaction.atomic
def add_channel(*, actor: User, program: Program, wanted: ChannelInput, key: str = "") -> Made:
    """Add a channel. `key` makes a form sent twice one channel.

    Errors: NotAllowed, Invalid (switched off, too many, no name, an address that is not taken, no topic).
    """
    policies.may_configure(actor, cast_of(program)).require()
    twin = Channel.objects.filter(form_key=key, added_by=actor).first() if key else None
    if twin is not None:
        return Made(twin)
    if not settings.WEBHOOKS:
        raise Invalid(OFF)
    if Channel.objects.filter(program=program, removed_at=None).count() >= MOST:
        raise Invalid(f"A program has at most {MOST} channels; remove one first.")
    secret = _new_secret() if wanted.kind is Kind.SIGNED else ""
    made = Channel.objects.create(
        program=program,
        kind=wanted.kind,
        secret=secret,
        added_by=actor,
        added_at=clock.now(),
        form_key=key or None,
        **_checked(wanted, needs_url=True),
    )
    _record(actor, Verb.CHANNEL_ADDED, made, channel=made.kind, topics=made.topics)
    return Made(made, secret)


@transaction.atomic
def change_channel(*, actor: User, channel: Channel, wanted: ChannelInput, version: int | None = None) -> Channel:
    """Change name, topics or address; the kind stays, twice is once. Errors: NotAllowed, Conflict, Invalid."""
    row = _own(actor, channel)
    values = _checked(wanted, needs_url=False)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed and version is not None and version != row.version:
        told = ", ".join(row.topic_labels)
        raise Conflict(QUICKER, current=f"{row.name}, {row.shown}, told of: {told}")
    if changed:
        _write(row, **values, version=row.version + 1)
        _record(actor, Verb.CHANNEL_CHANGED, row, changed=changed, topics=row.topics)
    return row


@transaction.atomic
def pause_channel(*, actor: User, channel: Channel) -> Channel:
    """Hold back what waits until it goes on, and queue nothing new; what is too old by then expires.

    Errors: NotAllowed, Conflict.
    """
    row = _own(actor, channel)
    if row.paused_at is None:
        _write(row, paused_at=clock.now(), paused_because=f"Paused by {actor}"[:200])
        _record(actor, Verb.CHANNEL_PAUSED, row)
    return row


@transaction.atomic
def resume_channel(*, actor: User, channel: Channel) -> Channel:
    """Let a paused channel go on. Errors: NotAllowed, Conflict."""
    row = _own(actor, channel)
    if row.paused_at is not None:
        _write(row, paused_at=None, paused_because="")
        _record(actor, Verb.CHANNEL_RESUMED, row)
    return row


@transaction.atomic
def rotate_secret(*, actor: User, channel: Channel) -> Made:
    """Make a new signing secret; the one before signs as well for a day. Errors: NotAllowed, Conflict, Invalid."""
    row = _own(actor, channel)
    if row.kind != Kind.SIGNED:
        raise Invalid("Only a signed webhook has a secret; a chat's secret is its address.")
    secret = _new_secret()
    _write(row, old_secret=row.secret, old_until=clock.now() + OVERLAP, secret=secret, version=row.version + 1)
    _record(actor, Verb.CHANNEL_ROTATED, row)
    return Made(row, secret)


@transaction.atomic
def remove_channel(*, actor: User, channel: Channel) -> Channel:
    """End a channel: address and secrets are wiped, waiting posts cancelled, the log stays. Errors: NotAllowed."""
    row = locked(Channel.objects.filter(pk=channel.pk).select_related("program")).get()
    policies.may_configure(actor, cast_of(row.program)).require()
    if row.removed_at is None:
        _write(row, removed_at=clock.now(), url="", secret="", old_secret="", old_until=None)
        waiting = ChannelPost.objects.filter(channel=row, state__in=[State.QUEUED, State.HELD])
        waiting.update(state=State.CANCELLED, reason="The channel was removed")
        _record(actor, Verb.CHANNEL_REMOVED, row)
    return row


@transaction.atomic
def send_test(*, actor: User, channel: Channel, key: str) -> None:
    """Queue a test message, whose fate the log shows; the same form twice is one. Errors: NotAllowed, Invalid."""
    row = _own(actor, channel)
    if not settings.WEBHOOKS:
        raise Invalid(OFF)
    if row.paused_at is not None:
        raise Invalid("The channel is paused; let it go on first.")
    page = f"{settings.SITE_URL}{reverse('channels', args=[row.program.slug])}"
    lines = ["If you can read this, the channel works.", f"It is told of: {', '.join(row.topic_labels)}"]
    post = post_of(Topic.TEST, row.program.name, f"Test message to {row.name}", lines, page)
    queue([Wanted(row, one_line(key)[:40], post)])


@transaction.atomic
def send_again(*, actor: User, post: ChannelPost) -> None:
    """Send a post that was refused, expired or is held, with the same number.

    Errors: NotAllowed, Conflict (removed), Invalid (not ended; about the day of a gate that is over).
    """
    row = _own(actor, post.channel)
    now = clock.now()
    if is_past(post, now):
        raise Invalid("It says what was so on a day that is over.")
    ended = ChannelPost.objects.filter(pk=post.pk, state__in=SENDABLE)
    # What a gate's post says ("is due today") is true until its own end and no longer.
    stands = {"expires_at": now + STANDS} if post.event_id is None else {}
    if not ended.update(state=State.QUEUED, attempts=0, not_before=now, reason="", **stands):
        raise Invalid("Only what was refused, expired or is held can be sent again.")
    _record(actor, Verb.CHANNEL_RESENT, row, topic=post.topic)


def _checked(wanted: ChannelInput, *, needs_url: bool) -> dict[str, object]:
    name, url = one_line(wanted.name)[:80], wanted.url.strip()
    if not name:
        raise Invalid("Give it a name by which people know it.", field="name")
    if needs_url and not url:
        raise Invalid("Enter the address to post to.", field="url")
    wrong = fault_of(url) if url else ""
    if wrong:
        raise Invalid(wrong, field="url")
    topics = [topic.value for topic in CHOOSABLE if topic in wanted.topics]
    if not topics:
        raise Invalid("Choose at least one thing that is posted.", field="topics")
    values: dict[str, object] = {"name": name, "topics": topics}
    return {**values, "url": url} if url else values


def _own(actor: User, channel: Channel) -> Channel:
    """The channel as it is now, locked, if the actor looks after it. Errors: NotAllowed, Conflict (removed)."""
    row = locked(Channel.objects.filter(pk=channel.pk).select_related("program")).get()
    policies.may_configure(actor, cast_of(row.program)).require()
    if row.removed_at is not None:
        raise Conflict("This channel was removed a moment ago.", current="removed")
    return row


def _write(row: Channel, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _new_secret() -> str:
    return as_secret(secrets.token_bytes(SECRET_BYTES))


def _record(actor: User, verb: Verb, row: Channel, **data: object) -> None:
    """An entry about a channel, without its address. Who is told where is no update of the program (G12)."""
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind="channel",
        subject_id=row.pk,
        subject_label=row.name,
        data={"program": row.program_id, **data},
    )
