"""Puts a post into the outbox of a channel, once (rule 1). Must not send."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from channels.domain.payloads import Post
from channels.models import Channel, ChannelPost
from core import clock

STANDS = dt.timedelta(days=3)
"""How long news makes sense when nobody could be reached."""


@dataclass(frozen=True)
class Wanted:
    """A post for a channel; `mark` makes it one of a kind in that channel. A gate's names the event and its day."""

    channel: Channel
    mark: str
    post: Post
    expires_at: dt.datetime | None = None
    event_id: int | None = None
    due_date: dt.date | None = None

    @property
    def key(self) -> str:
        """The unique key of its row."""
        return f"{self.channel.pk}|{self.post.topic}|{self.mark}"


def queue(wanted: Iterable[Wanted]) -> None:
    """Keep posts to be sent with the next pass; what is there already is left as it is.

    Never ignore_conflicts: on SQLite it would also swallow other faults, and a post would be lost silently.
    """
    now = clock.now()
    by_key = {one.key: one for one in wanted}
    there = set(ChannelPost.objects.filter(key__in=by_key).values_list("key", flat=True)) if by_key else set()
    rows = [_row(one, now) for key, one in by_key.items() if key not in there]
    if rows:
        ChannelPost.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["key"], update_fields=["topic"], batch_size=200
        )


def _row(one: Wanted, now: dt.datetime) -> ChannelPost:
    return ChannelPost(
        key=one.key,
        number="msg_" + hashlib.sha256(one.key.encode()).hexdigest()[:32],
        channel=one.channel,
        topic=one.post.topic,
        facts=one.post.as_data(),
        event_id=one.event_id,
        due_date=one.due_date,
        not_before=now,
        expires_at=one.expires_at or now + STANDS,
        created_at=now,
    )
