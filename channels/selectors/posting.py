"""What there is to post, and where to. Must not write."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings

from channels.domain.gates import GatePost, post_on
from channels.enums import Topic
from channels.models import Channel, ChannelPost
from core import clock
from phases.enums import EventKind, EventState, Outcome
from phases.models import Event
from programs.domain.localtime import local_hour
from reminders.selectors.facts import ALIVE, sends

OPENS, CLOSES = 8, 20
"""The hours of the program's zone in which a gate is posted."""
_BACK, _AHEAD = dt.timedelta(days=45), dt.timedelta(days=20)
_GATES = (EventKind.GATE, EventKind.MINI_GATE)


@dataclass(frozen=True)
class DueGate:
    """A gate that is posted to a channel now."""

    channel: Channel
    event: Event
    say: GatePost


def channels_for(program_id: int, topic: Topic) -> list[Channel]:
    """The living channels of a program that are told of a topic; none where chats are switched off (one query)."""
    if not settings.WEBHOOKS:
        return []
    rows = Channel.objects.filter(program_id=program_id, removed_at=None, paused_at=None).select_related("program")
    return [channel for channel in rows if topic in channel.topics and sends(channel.program)]


def gates_due(now: dt.datetime) -> Iterator[DueGate]:
    """The gates to post now, of programs in whose zone it is a decent hour (two queries; one without channels)."""
    rows = Channel.objects.filter(removed_at=None, paused_at=None, program__state__in=ALIVE).select_related("program")
    awake = [
        channel
        for channel in rows
        if {Topic.GATE_AHEAD, Topic.GATE_TODAY, Topic.GATE_OVERDUE} & set(channel.topics)
        and OPENS <= local_hour(now, channel.program.time_zone) < CLOSES
        and sends(channel.program)
    ]
    if not awake:
        return
    events = _pending({channel.program_id for channel in awake}, now)
    for channel in awake:
        program = channel.program
        today = clock.today(program.time_zone)
        for event in events.get(channel.program_id, ()):
            say = post_on(event.due_date, today, program.calendar)
            if say is not None and say.topic in channel.topics:
                yield DueGate(channel, event, say)


def _pending(programs: Iterable[int], now: dt.datetime) -> dict[int, list[Event]]:
    """Undecided gates whose day is near; a held gate waits for its review, not for its day (G8)."""
    near = (now.date() - _BACK, now.date() + _AHEAD)
    rows = Event.objects.filter(program__in=programs, kind__in=_GATES, state=EventState.PENDING, due_date__range=near)
    found: dict[int, list[Event]] = {}
    for event in rows.exclude(outcome=Outcome.HOLD):
        found.setdefault(event.program_id, []).append(event)
    return found


def why_not(post: ChannelPost, now: dt.datetime) -> str:
    """Why a post must not leave any more; empty when it may (P11). At most one query."""
    if post.expires_at <= now:
        return "It makes no sense any more: its day is over"
    if post.channel.removed_at is not None:
        return "The channel was removed"
    if not sends(post.channel.program):
        return "The program is not active"
    if post.event_id is None:
        return ""
    event = Event.objects.filter(pk=post.event_id).first()
    if event is None or event.state != EventState.PENDING:
        return "The gate is decided"
    return "" if event.due_date == post.due_date else f"The date moved to {event.due_date}"
