"""The channels of a program and what became of every post. Must not write."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from channels.domain.payloads import Post
from channels.enums import Topic
from channels.models import Channel, ChannelPost
from core import clock
from programs.models import Program
from reminders.enums import State


def channels_of(program: Program) -> list[Channel]:
    """The living channels of a program in the order in which they were added (one query)."""
    rows = list(Channel.objects.filter(program=program, removed_at=None).select_related("added_by"))
    for row in rows:
        row.program = program
    return rows


def find_channel(program: Program, channel_id: int) -> Channel:
    """A living channel of a program. Errors: Http404."""
    row = Channel.objects.filter(program=program, pk=channel_id, removed_at=None).first()
    if row is None:
        raise Http404("No such channel")
    row.program = program
    return row


def find_post(program: Program, post_id: int) -> ChannelPost:
    """A post of a program. Errors: Http404."""
    row = ChannelPost.objects.select_related("channel").filter(channel__program=program, pk=post_id).first()
    if row is None:
        raise Http404("No such post")
    return row


SENDABLE = (State.DEAD, State.EXPIRED, State.HELD)
"""What somebody may send again: what was refused, came too late, or is held in a restored copy."""


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    row: ChannelPost
    state: State
    topic: Topic
    title: str
    at: dt.datetime
    next_try: dt.datetime | None
    may_again: bool


def log(program: Program, channel: Channel | None = None) -> QuerySet[ChannelPost]:
    """Every post of a program, or of one channel, newest first, with its channel."""
    rows = ChannelPost.objects.filter(channel__program=program).select_related("channel").order_by("-pk")
    return rows if channel is None else rows.filter(channel=channel)


def waiting() -> QuerySet[ChannelPost]:
    """Posts that wait to be sent or tried again; none where chats are switched off, and not of paused channels."""
    if not settings.WEBHOOKS:
        return ChannelPost.objects.none()
    return ChannelPost.objects.filter(state=State.QUEUED, channel__paused_at=None)


def is_past(row: ChannelPost, now: dt.datetime) -> bool:
    """Whether a post speaks of the day of a gate ("is due today") and that day is over; other news may come late."""
    return row.event_id is not None and row.expires_at <= now


def entry(row: ChannelPost) -> Entry:
    """A post as the log shows it. No query."""
    state = State(row.state)
    waits = state is State.QUEUED and row.attempts > 0
    again = state in SENDABLE and row.channel.removed_at is None and not is_past(row, clock.now())
    title, at = Post.from_data(row.facts).title, row.sent_at or row.created_at
    return Entry(row, state, Topic(row.topic), title, at, row.not_before if waits else None, again)
