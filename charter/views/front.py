"""The way into the charter, and the thread from priority to task."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from charter.selectors.brief import brief_versions, published_of
from charter.selectors.overview import tabs
from charter.selectors.trace import trace
from charter.views._shared import place
from core import clock


@require_safe
def charter(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Lead to the first part of the charter of a program the person may see."""
    return redirect("charter_outcome", place(request, program_slug).program.slug)


@require_safe
def trace_view(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the thread: priority, outcome, metric, criterion, task, and the constraints (S83)."""
    at = place(request, program_slug)
    today = clock.today(at.program.time_zone)
    context = {
        "program": at.program,
        "tab": "charter",
        "part": "trace",
        "tabs": tabs(at.program, today),
        "today": today,
        "trace": trace(at.program),
        "brief": published_of(brief_versions(at.program)),
    }
    return render(request, "charter/trace.html", context)
