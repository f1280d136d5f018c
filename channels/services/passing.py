"""One pass over the outbox of chats and webhooks: claim, commit, send, record, as mails do (rule 6, P2, P4, P8).

Driven by the engine's tick. Nothing is sent inside a transaction; a receiver that does not answer holds up its own
channel only, and only for this pass.
"""

import datetime as dt
import time

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from channels.domain.answers import Answer
from channels.domain.payloads import Post, body_of, post_of
from channels.domain.signing import signed_headers
from channels.models import Channel, ChannelAttempt, ChannelPost
from channels.selectors.posting import DueGate, gates_due, why_not
from channels.services import http
from channels.services.hearing import link
from channels.services.queueing import Wanted, queue
from core import clock
from core.text import shorten
from programs.domain.localtime import local_instant
from reminders.defaults import limits
from reminders.enums import Outcome, State
from reminders.services.outbox import growing_wait, lease, settle

SECONDS = 15
AT_ONCE = 10
"""Posts under one lease: at ten seconds each they end well before it does."""
GONE = "The receiver says that this address is gone for good (410)"


def carry(now: dt.datetime) -> int:
    """Queue gates that are due and send what is queued, for a bounded time. Returns how many were accepted."""
    if not settings.WEBHOOKS:
        return 0
    plan_gates(now)
    expire(now)
    return send(now)


@transaction.atomic
def plan_gates(now: dt.datetime) -> None:
    """Queue what is to be said about gates today; twice is once."""
    queue([_gate_post(due) for due in gates_due(now)])


def _gate_post(due: DueGate) -> Wanted:
    program, event, say = due.channel.program, due.event, due.say
    ends = local_instant(clock.today(program.time_zone) + dt.timedelta(days=1), 0, program.time_zone)
    day = f"Due {event.due_date:%A} {event.due_date.day} {event.due_date:%b %Y}, program time {program.time_zone}"
    page = link(f"/programs/{program.slug}/gates/{event.slug}/")
    post = post_of(say.topic, program.name, f"{event.name} {say.words}", [day], page)
    mark = f"event{event.pk}|{event.due_date}|{say.mark}"
    return Wanted(due.channel, mark, post, expires_at=ends, event_id=event.pk, due_date=event.due_date)


@transaction.atomic
def hold_due(now: dt.datetime, reason: str) -> int:
    """Hold what is due by `now`, for the log's "Send again" (P18). Returns how many posts are held in all.

    A copy of a backup does not know what was posted since: so gates of today are queued first, as a pass would.
    """
    plan_gates(now)
    due = Q(state=State.QUEUED, not_before__lte=now) | Q(state=State.LEASED)
    ChannelPost.objects.filter(due).update(state=State.HELD, lease_until=None, claim="", reason=reason)
    return ChannelPost.objects.filter(state=State.HELD).count()


def expire(now: dt.datetime) -> int:
    """Close waiting posts that make no sense any more, held ones and those of paused channels too. Returns how many."""
    stale = ChannelPost.objects.filter(state__in=[State.QUEUED, State.HELD], expires_at__lte=now)
    return stale.update(state=State.EXPIRED, reason="Its time was over before it could leave")


def send(now: dt.datetime) -> int:
    """Send what is due until nothing is left or the time is up. Returns how many were accepted."""
    sent, deadline, silent = 0, time.monotonic() + SECONDS, set[int]()
    while time.monotonic() < deadline:
        posts = claim(now, AT_ONCE)
        if not posts:
            break
        for post in posts:
            if post.channel_id in silent or time.monotonic() > deadline:
                _give_back(post, now)
                continue
            answer = _send_one(post, now)
            sent += answer.outcome is Outcome.ACCEPTED
            if answer.outcome in (Outcome.UNREACHABLE, Outcome.UNCERTAIN, Outcome.TEMPORARY):
                silent.add(post.channel_id)
    return sent


@transaction.atomic
def claim(now: dt.datetime, count: int) -> list[ChannelPost]:
    """Lease posts of channels that are not paused; tries left open by a dead worker are marked uncertain."""
    picked, token = lease(ChannelPost.objects.filter(channel__paused_at=None), now, count)
    if not picked:
        return []
    posts = list(ChannelPost.objects.filter(pk__in=picked, claim=token).order_by("not_before", "pk"))
    open_ = ChannelAttempt.objects.filter(post__in=posts, outcome=Outcome.STARTED)
    open_.update(outcome=Outcome.UNCERTAIN, ended_at=now)
    return posts


def _send_one(post: ChannelPost, now: dt.datetime) -> Answer:
    """Look again, write the try, hand over, record the answer under the claim."""
    # Read again: since it was claimed the channel may have been removed, paused, renewed, or its program stopped.
    post.channel = Channel.objects.select_related("program").get(pk=post.channel_id)
    if post.channel.paused_at is not None:
        _give_back(post, now)
        return Answer(Outcome.UNREACHABLE, post.channel.paused_because)
    why = why_not(post, now)
    if why:
        settle(post, state=State.EXPIRED if post.expires_at <= now else State.CANCELLED, reason=why)
        return Answer(Outcome.PERMANENT, why)
    if post.attempts > limits().attempts:
        why = f"Given up: its worker died {post.attempts - 1} times"
        settle(post, state=State.DEAD, reason=why)
        return Answer(Outcome.PERMANENT, why)
    attempt = ChannelAttempt.objects.create(post=post, number=post.attempts, started_at=now)
    channel = post.channel
    body = body_of(channel.kind, Post.from_data(post.facts), post.created_at.isoformat())
    secrets = channel.secrets(now)
    headers = signed_headers(post.number, int(now.timestamp()), body, secrets) if secrets else {}
    answer = http.post(channel.url, body, headers, now)
    record(post, attempt, answer, clock.now())
    return answer


@transaction.atomic
def record(post: ChannelPost, attempt: ChannelAttempt, answer: Answer, at: dt.datetime) -> None:
    """Write down the answer and what follows from it."""
    text = shorten(answer.text, 300)
    ChannelAttempt.objects.filter(pk=attempt.pk).update(outcome=answer.outcome, reply=text, ended_at=at)
    if answer.outcome is Outcome.ACCEPTED:
        settle(post, state=State.SENT, reply=text, sent_at=at, reason="")
    elif answer.outcome is Outcome.PERMANENT:
        settle(post, state=State.DEAD, reply=text, reason=shorten(f"Refused for good: {text}", 300))
        if answer.gone:
            Channel.objects.filter(pk=post.channel_id, paused_at=None).update(paused_at=at, paused_because=GONE)
    elif post.attempts >= limits().attempts:
        reason = shorten(f"Given up after {post.attempts} tries: {text}", 300)
        settle(post, state=State.DEAD, reply=text, reason=reason)
    else:
        wait = max(growing_wait(post.attempts, post.key), answer.wait or dt.timedelta(0))
        settle(post, state=State.QUEUED, reply=text, not_before=at + wait)


def _give_back(post: ChannelPost, now: dt.datetime) -> None:
    """Queue a post again without using up a try: nobody was asked about it."""
    wait = growing_wait(1, post.key)
    settle(post, state=State.QUEUED, attempts=max(0, post.attempts - 1), not_before=now + wait)
