"""The portfolio for the steering committee: who needs attention, how programs end, what is ahead. Read only."""

import datetime as dt
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from core.htmx import render_page
from dashboard import services
from dashboard.domain.steering import STALLED_DAYS
from dashboard.models import Standing
from dashboard.selectors import portfolio as lines
from dashboard.selectors import steering
from phases.domain.status import Colour
from programs.models import Program
from programs.querysets import visible_to

AT_ONCE = 200  # lines computed while somebody waits; more are left to the task


@require_safe
def portfolio_status(request: HttpRequest) -> HttpResponse:
    """Show the status of every program the actor may see, filtered by portfolio and colour if asked (S2, S22)."""
    actor = cast(User, request.user)
    today = clock.today(actor.time_zone)
    everything = visible_to(actor)
    offered = steering.portfolios(everything)
    chosen = next((p for p in offered if p.slug == request.GET.get("portfolio", "")), None)
    programs = everything.filter(portfolio=chosen) if chosen else everything
    services.refresh(services.stale(programs)[:AT_ONCE])
    summary = lines.summary(programs)
    colour = request.GET.get("status", "")
    colour = colour if colour in set(Colour) else ""
    total = summary.by_colour.get(colour, 0) if colour else summary.total
    page = lines.page_of(programs, total, request.GET.get("page", "1"), colour)
    shown = list(page)
    latency, decisions = steering.decision_latency(programs, today)
    context: dict[str, Any] = {
        "summary": summary,
        "portfolios": offered,
        "chosen": chosen,
        "status": colour,
        "filters": [(c.value, c.label, summary.by_colour[c.value]) for c in lines.ORDER if summary.by_colour.get(c)],
        "page": page,
        "rows": _rows(shown, today),
        "ends": steering.ends(programs),
        "stops": steering.stops(programs),
        "latency": latency,
        "decisions": decisions,
        "slips": steering.slips(programs),
        "conditions": steering.conditions(programs, today),
        "heat": steering.heat(programs),
        "gates": steering.gates_ahead(programs, today),
        "here": lines.query(portfolio=chosen.slug if chosen else ""),
    }
    return render_page(request, "dashboard/status.html", context)


def _rows(programs: list[Program], today: dt.date) -> list[dict[str, Any]]:
    phases = steering.days_in_phase(programs, today)
    rows = []
    for program in programs:
        reverse: Any = program  # whether mypy knows the reverse of Standing.program depends on its cache
        standing: Standing = reverse.standing
        quiet = (today - standing.updated_on).days if standing.updated_on else 0
        stalled = quiet >= STALLED_DAYS and program.is_active
        rows.append(
            {"line": lines.row(program), "phase": phases.get(program.pk, ""), "stalled": quiet if stalled else 0}
        )
    return rows
