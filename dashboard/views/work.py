"""My work: what one person owes, soonest first, made for a phone."""

import datetime as dt
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from core.htmx import render_page
from dashboard.domain.words import greeting
from dashboard.selectors import work
from dashboard.selectors.worklist import next_dates, worklist
from programs.domain.localtime import local_hour


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Show what is late, due this week, waiting for others, and done in seven days."""
    actor = cast(User, request.user)
    today = clock.today(actor.time_zone)
    week_ago = clock.now() - dt.timedelta(days=7)
    mine = work.mine_of(actor)
    criteria, tasks = work.owed(mine)
    found = worklist(
        actor,
        today=today,
        criteria=criteria,
        tasks=tasks,
        handed_in=work.handed_in(mine),
        outcomes=list(work.outcomes_due(mine, today + dt.timedelta(days=7))),
        actions=work.actions(mine),
        nominations=work.nominations(actor),
    )
    context = {
        "work": found,
        "finished": work.finished_since(actor, week_ago),
        "greeting": greeting(local_hour(clock.now(), actor.time_zone)),
        "first_name": str(actor).split()[0] if actor.name else "",
        "next_date": next_dates(found.later),
        "open_work": found.open_count,
    }
    return render_page(request, "dashboard/work.html", context, partial="worklist")
