"""The portfolio for the steering committee: who needs attention, how programs end, what is ahead. Read only."""

import datetime as dt
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from activity.selectors import newest_entry
from core import clock
from core.htmx import render_page, wants_partial
from dashboard.domain.steering import STALLED_DAYS
from dashboard.models import Standing
from dashboard.selectors import portfolio as lines
from dashboard.selectors import steering
from dashboard.views._lines import page_of, refresh_some
from phases.domain.status import Colour
from programs.models import Portfolio, Program
from programs.querysets import visible_to
from status_pages.domain.portfolio import portfolio_document
from status_pages.selectors.portfolio import MOST
from status_pages.views.files import portfolio_bytes, sent


@require_safe
def portfolio_status(request: HttpRequest) -> HttpResponse:
    """Show the status of every program the actor may see, filtered by portfolio and colour if asked (S2, S22).

    A poll that finds nothing new gets 204 before anything is worked out.
    """
    actor = cast(User, request.user)
    today = clock.today(actor.time_zone)
    version = f"{newest_entry()}.{clock.now():%Y%m%d%H}"  # programs of other zones begin their days within the hour
    if wants_partial(request) and request.GET.get("v") == version:
        return HttpResponse(status=204)
    programs, offered, chosen = _chosen(request, actor)
    refresh_some(programs)
    summary = lines.summary(programs)
    colour = _colour(request)
    total = summary.by_colour.get(colour, 0) if colour else summary.total
    page = page_of(programs, total, request.GET.get("page", "1"), colour)
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
        "picked": lines.query(portfolio=chosen.slug if chosen else "", status=colour),
        "again": lines.query(portfolio=chosen.slug if chosen else "", status=colour, page=str(page.number), v=version),
    }
    return render_page(request, "dashboard/status.html", context, partial="sheet")


@require_safe
def portfolio_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the same list, with the same filters, as one page of PDF, as slides or as a workbook."""
    actor = cast(User, request.user)
    programs, _, chosen = _chosen(request, actor)
    refresh_some(programs)
    colour = _colour(request)
    listed = programs.filter(standing__colour=colour) if colour else programs
    document = portfolio_document(
        chosen.name if chosen else "All programs",
        lines.file_lines(listed, MOST),
        today=clock.today(actor.time_zone),
        total=listed.count(),
        colours=lines.summary(listed).by_colour,
    )
    return sent(portfolio_bytes(document, kind), "portfolio-status", kind)


def _chosen(request: HttpRequest, actor: User) -> tuple[QuerySet[Program], list[Portfolio], Portfolio | None]:
    """The programs asked for, and the portfolios there are to choose from."""
    everything = visible_to(actor)
    offered = steering.portfolios(everything)
    chosen = next((p for p in offered if p.slug == request.GET.get("portfolio", "")), None)
    return (everything.filter(portfolio=chosen) if chosen else everything), offered, chosen


def _colour(request: HttpRequest) -> str:
    colour = request.GET.get("status", "")
    return colour if colour in set(Colour) else ""


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
