"""Where escalations stand: all of a program, and one. Decides nothing."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import clock
from core.htmx import render_page
from escalation import forms, policies
from escalation.selectors import standing
from escalation.views._place import Place, place

PER_PAGE = 20


@require_safe
def escalations(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show every escalation that has not ended: where it stands, what happens next and when; then the history."""
    at = place(request, program_slug)
    lines = standing.open_of(at.program, at.cast)
    context = {
        "program": at.program,
        "tab": "risks",
        "now": clock.now(),
        "lines": [(line, policies.may_acknowledge(at.actor, line.row, at.cast)) for line in lines],
        "wanted": sum(line.row.is_running for line in lines),
        "page": Paginator(standing.ended_of(at.program), PER_PAGE).get_page(request.GET.get("page")),
        "may_start": policies.may_start(at.actor, at.cast),
    }
    return render_page(request, "escalation/escalations.html", context, partial="escalations")


@require_safe
def escalation(request: HttpRequest, program_slug: str, escalation_id: int) -> HttpResponse:
    """Show one escalation, with the button a mail leads to (rule 7: opening the page does nothing)."""
    return show(place(request, program_slug), escalation_id)


def show(at: Place, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw one escalation; `more` carries a form that was refused."""
    line = standing.find(at.program, pk, at.cast)
    context = {
        "program": at.program,
        "tab": "risks",
        "line": line,
        "row": line.row,
        "here": line.row.get_absolute_url(),
        "may_acknowledge": policies.may_acknowledge(at.actor, line.row, at.cast),
        "may_end": policies.may_end(at.actor, line.row, at.cast),
        "acknowledge_form": forms.AcknowledgeForm(name="acknowledge"),
        "end_form": forms.EndForm(name="end"),
        **more,
    }
    return render_page(at.request, "escalation/escalation.html", context, partial="escalation", status=status)
