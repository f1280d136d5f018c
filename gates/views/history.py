"""Readiness over time: the line, why it moved, every slip. Shows; the kept days come from `services.history`."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core import clock
from core.htmx import render_page
from core.trend import Point, trend
from gates.models import ReadingDay
from gates.selectors.history import days_of, slips_of, why_moved
from gates.services.history import KEPT, record_day
from programs.models import Program
from programs.selectors import get_program_for


@require_safe
def readiness_history(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show how readiness moved day by day and why; keeps today's numbers if nobody has yet (S23)."""
    program = get_program_for(cast(User, request.user), program_slug)
    days = _up_to_today(program)
    points = [Point(row.date, row.points, row.average) for row in days]
    context = {
        "program": program,
        "days": why_moved(program, days),
        "drawing": trend(points, label=_spoken(days)),
        "slips": slips_of(program),
        "tab": "history",
    }
    return render_page(request, "gates/history.html", context, partial="history")


def _up_to_today(program: Program) -> list[ReadingDay]:
    """The kept days; today's is written when the page is opened before the daily pass has come by."""
    days, today = days_of(program), clock.today(program.time_zone)
    if program.state in KEPT and (not days or days[-1].date < today):
        days.append(record_day(program, today))
    return days


def _spoken(days: list[ReadingDay]) -> str:
    if not days:
        return ""
    first, last = days[0], days[-1]
    return f"Readiness from {_number(first)} on {first.date:%d %b} to {_number(last)} on {last.date:%d %b}"


def _number(row: ReadingDay) -> str:
    return "nothing" if row.points is None else str(row.points)
