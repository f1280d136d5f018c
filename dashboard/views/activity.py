"""The timeline of a program: everything that happened, newest first."""

from itertools import groupby
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core.htmx import render_page
from dashboard.selectors import timeline
from programs.selectors import get_program_for

PER_PAGE = 40


@require_safe
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one page of the record, grouped by day in the reader's time zone (S20)."""
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    page = Paginator(timeline.entries(program.pk), PER_PAGE).get_page(request.GET.get("page"))
    told = timeline.told(page.object_list, actor.time_zone, {})
    days = [(day, list(rows)) for day, rows in groupby(told, key=lambda row: row.day)]
    return render_page(request, "dashboard/activity.html", {"program": program, "page": page, "days": days})
