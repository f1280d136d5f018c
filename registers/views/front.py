"""The way in: the registers begin with the assumption log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from registers.views._shared import place


@require_safe
def logs(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Lead to the first register of a program the person may see."""
    return redirect("logs_assumptions", place(request, program_slug).program.slug)
