"""A person's own next days: what they will be mailed, from all their programs."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from core.htmx import render_page
from reminders.domain.people import role_name
from reminders.domain.wording import asked_as, headline
from reminders.selectors.preview import MyDay, Share, my_preview

NEAR, DAYS = 7, 30
"""Days that are planned at first, and for who asks to look so far ahead."""


@require_safe
def my_reminders(request: HttpRequest) -> HttpResponse:
    """Show the preview of the person who asks; nobody else's. `?ahead=30` makes it longer."""
    span = DAYS if request.GET.get("ahead") == str(DAYS) else NEAR
    days = my_preview(cast(User, request.user), clock.now(), days=span)
    told = sum(len(share.intents) for day in days for share in day.shares)
    context = {"days": [_day(day) for day in days], "span": span, "near": NEAR, "far": DAYS, "told": told}
    return render_page(request, "reminders/mine.html", context)


def _day(day: MyDay) -> dict[str, Any]:
    count = sum(len(share.intents) for share in day.shares)
    return {"on": day.on, "count": count, "shares": [_share(share) for share in day.shares]}


def _share(share: Share) -> dict[str, Any]:
    facts = share.facts
    lines = [
        {
            "headline": headline(i.rule, i.due, i.planned_on, facts.calendar, occurrence=i.occurrence),
            "label": i.label,
            "why": asked_as(i.part, role_name(facts, i.role)),
            "gaps": i.gaps,
        }
        for i in share.intents
    ]
    return {"program": facts.name, "slug": share.slug if share.mine else "", "lines": lines}
