"""Moving a gate with all that depends on it: choose, look at what moves, confirm (S14). Services do the rest."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import Invalid
from gates import policies
from gates.enums import Cause
from gates.forms_steering import ReplanForm, WhenForm
from gates.selectors.replanning import lost_days, preview_of
from gates.services import replanning
from phases.models import Event
from phases.selectors import find_event, load_plan
from phases.views._shared import Page, Place, answer, place


@require_http_methods(["GET", "HEAD", "POST"])
def replan(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show what would move (nothing is saved), or move it with a reason."""
    at = place(request, program_slug)

    def find(where: Place) -> Event:
        return find_event(where.program, slug)

    event = find(at)
    page = Page(at, event, "gates/steering/replan.html", _build, find)
    if request.method != "POST":
        return page.show()
    return answer(
        page,
        ReplanForm(request.POST),
        lambda data: replanning.replan(
            actor=at.actor,
            event=event,
            new_date=data["new_date"],
            cause=Cause(data["cause"]),
            reason=data["reason"],
            version=data["version"],
            key=data["key"],
        ),
        "Moved, with everything that depends on it. The baselines stay.",
        may=policies.may_replan(at.actor, event, at.cast),
    )


def _build(at: Place, event: Event, bound: Mapping[str, Form]) -> dict[str, Any]:
    plan, today = load_plan(at.program), clock.today(at.program.time_zone)
    event = next(row for row in plan.events if row.pk == event.pk)
    refused = bound.get("replan")
    asked = "new_date" in at.request.GET and refused is None
    when = WhenForm(at.request.GET if asked else None)
    chosen: Mapping[str, Any] = {}
    if refused is not None:
        chosen = getattr(refused, "cleaned_data", {})
        when = WhenForm(refused.data)
    elif asked and when.is_valid():
        chosen = when.cleaned_data
    may = policies.may_replan(at.actor, event, at.cast)
    found = None
    if may and chosen.get("new_date") and not (refused is not None and "new_date" in refused.errors):
        try:
            replanning.check_date(event, chosen["new_date"])
            found = preview_of(event, chosen["new_date"], plan, today)
        except Invalid as error:
            when.add_error(error.field if error.field in when.fields else None, str(error))
    initial = {**chosen, "version": event.version, "key": secrets.token_hex(16)}
    return {
        "program": at.program,
        "event": event,
        "tab": "plan",
        "may": may,
        "when": when,
        "found": found,
        "form": refused or ReplanForm(initial=initial),
        "lost": lost_days(at.program),
    }
