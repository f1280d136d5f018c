"""The calendar files themselves: a feed for whoever has its address, and one date for members.

The feed never looks at who is signed in and sets no session. Every refusal is the same answer.
"""

import datetime as dt
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from accounts.models import User
from calendars.domain.ics import feed as written
from calendars.enums import FeedKind
from calendars.models import Feed
from calendars.selectors.feeds import programs_of, version_of
from calendars.selectors.items import item_of_event, items_of
from calendars.selectors.meetings import load_plans
from calendars.services.feeds import note_fetch, open_feed
from core import clock
from programs.selectors import get_program_for

TYPE = "text/calendar; charset=utf-8"
SETTLED = dt.timedelta(seconds=2)
"""A change younger than this may be followed by another in the same second, which a date could not tell apart."""


@login_not_required
@require_safe
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """Give the feed a token opens; 304 without making it when the calendar has this version."""
    feed = open_feed(token)
    if feed is None:
        return _guarded(HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8"))
    programs = programs_of(feed)
    version = version_of(feed, programs)
    # Which programs are somebody's, or a portfolio's, changes without a date; then only the ETag tells.
    settled = feed.program is not None and version.changed < clock.now() - SETTLED
    if request.method == "GET":
        note_fetch(feed)
    modified = int(version.changed.timestamp()) if settled else None
    response = get_conditional_response(request, etag=version.etag, last_modified=modified)
    if response is None:
        data = written(_name(feed), items_of(feed, programs), version.changed)
        response = HttpResponse(data, content_type=TYPE)
        response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["ETag"] = version.etag
    if settled:
        response["Last-Modified"] = http_date(version.changed.timestamp())
    return _guarded(response)


@require_safe
def event_file(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Give one gate or checkpoint as a file, for those in the program."""
    program = get_program_for(cast(User, request.user), program_slug)
    plan = load_plans([program])[0]
    event = next((event for event in plan.events if event.slug == slug), None)
    if event is None:
        raise Http404("No such gate")
    response = HttpResponse(written(event.name, [item_of_event(plan, event)], clock.now()), content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


def _name(feed: Feed) -> str:
    if feed.kind == FeedKind.MINE:
        return "Roadmap 90: mine"
    return f"{feed.program or feed.portfolio}{' status' if feed.kind == FeedKind.STATUS else ''}"


def _guarded(response: HttpResponse) -> HttpResponse:
    """Keep it out of referrers, search engines and shared caches; let the calendar keep it and ask again."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-cache"
    return response
