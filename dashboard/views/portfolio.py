"""The first page: every program the actor may see, those that need somebody first."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core.htmx import render_page
from dashboard.selectors import portfolio as selectors
from dashboard.views._lines import page_of, refresh_some
from phases.domain.status import Colour
from playbooks.policies import may_launch
from programs.querysets import visible_to


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    """Show one page of programs, filtered by status if asked (S80)."""
    actor = cast(User, request.user)
    programs = visible_to(actor)
    refresh_some(programs)
    summary = selectors.summary(programs)
    colour = request.GET.get("status", "")
    colour = colour if colour in set(Colour) else ""
    total = summary.by_colour.get(colour, 0) if colour else summary.total
    page = page_of(programs, total, request.GET.get("page", "1"), colour)
    filters = [("", "All", summary.total)]
    filters += [
        (c.value, c.label, summary.by_colour[c.value]) for c in selectors.ORDER if summary.by_colour.get(c.value)
    ]
    rows = [selectors.row(program) for program in page]
    context = {
        "rows": rows,
        "has_example": any(row.is_example for row in rows),
        "may_launch": may_launch(actor),
        "page": page,
        "summary": summary,
        "filters": filters,
        "status": colour,
    }
    return render_page(request, "dashboard/portfolio.html", context)
