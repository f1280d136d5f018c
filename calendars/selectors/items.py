"""The dates a feed holds, in a fixed number of queries whatever the number of programs. Must not write or judge."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings

from calendars.domain.ics import Item, instant, uid
from calendars.enums import FeedKind
from calendars.models import Feed
from calendars.selectors.meetings import Plan, load_plans
from calendars.selectors.owed import owed
from core import clock
from phases.enums import EventState
from phases.models import Event
from programs.domain.localtime import local_date
from programs.models import Program
from reminders.selectors.facts import ALIVE
from updates.models import StatusUpdate

BEHIND, AHEAD = dt.timedelta(days=60), dt.timedelta(days=400)
MOST = 1000
"""Dates in one feed; the nearest are kept."""


def items_of(feed: Feed, programs: list[Program]) -> list[Item]:
    """Everything a feed holds, by day: two months back, a year ahead."""
    plans = load_plans(programs)
    if feed.kind == FeedKind.STATUS:
        found = [*_events(plans, None, linked=False), *_updates(programs)]
    else:
        mine = feed.made_by_id if feed.kind == FeedKind.MINE else None
        found = [*_events(plans, mine, linked=True), *owed(plans, mine)]
    today = clock.now().date()
    near = [item for item in found if today - BEHIND <= item.on <= today + AHEAD]
    near.sort(key=lambda item: (abs((item.on - today).days), item.uid))
    return sorted(near[:MOST], key=lambda item: (item.on, item.uid))


def item_of_event(plan: Plan, event: Event, *, linked: bool = True) -> Item:
    """A gate or checkpoint; called off while its program does not go on."""
    content = plan.content(event)
    time = plan.times.get(event.pk)
    pending = event.state == EventState.PENDING
    return Item(
        uid=uid("event", event.pk, settings.MAIL_DOMAIN),
        # Each of these only grows, and one of them does whenever what is said here changes.
        sequence=event.version + plan.program.version + (time.version if time else 0) - 2,
        summary=content.label if pending else f"{content.label} (decided)",
        on=content.on,
        at=instant(content.on, content.at, content.zone) if content.at else None,
        minutes=content.minutes,
        place=content.place if linked else "",
        url=f"{settings.SITE_URL}{event.get_absolute_url()}" if linked else "",
        cancelled=pending and plan.program.state not in ALIVE,
    )


def _events(plans: Iterable[Plan], mine: int | None, *, linked: bool) -> Iterator[Item]:
    """All gates and checkpoints, or those one person is asked to."""
    for plan in plans:
        for event in plan.events:
            if mine is None or mine in plan.seats[event.pk]:
                yield item_of_event(plan, event, linked=linked)


def _updates(programs: list[Program]) -> Iterator[Item]:
    """Published updates as days: number and colour, no words that could name somebody (one query)."""
    by_id = {program.pk: program for program in programs}
    since = clock.now() - BEHIND
    rows = StatusUpdate.objects.filter(program__in=by_id, posted_at__gte=since)
    for row in rows.only("program_id", "number", "colour", "posted_at").order_by("pk"):
        program = by_id[row.program_id]
        yield Item(
            uid=uid("update", row.pk, settings.MAIL_DOMAIN),
            sequence=0,
            summary=f"Status update {row.number}, {row.colour}: {program.name}",
            on=local_date(row.posted_at, program.time_zone),
        )
