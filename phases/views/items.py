"""Posts that criteria and tasks share: more time, a new date, another person, the deputy. Services decide."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from core.decisions import ALLOWED
from phases import forms, policies, services
from phases.views._shared import Page, answer
from phases.views.criteria import criterion_page
from phases.views.tasks import task_page
from programs.selectors import active

PAGES = {"criteria": criterion_page, "tasks": task_page}


@require_POST
def forecast(request: HttpRequest, program_slug: str, kind: str, slug: str) -> HttpResponse:
    """Give a forecast with a reason; the agreed date stays."""
    page = _page(request, program_slug, kind, slug)
    return answer(
        page,
        forms.ForecastForm(request.POST),
        lambda data: services.forecast(
            actor=page.place.actor,
            item=page.item,
            new_date=data["new_date"],
            reason=data["reason"],
            version=data["version"],
        ),
        "Forecast noted. The agreed date stays, the program manager sees both.",
        may=policies.may_forecast(page.place.actor, page.item, page.place.cast),
    )


@require_POST
def redate(request: HttpRequest, program_slug: str, kind: str, slug: str) -> HttpResponse:
    """Agree a new date with a reason; the baseline stays."""
    page = _page(request, program_slug, kind, slug)
    return answer(
        page,
        forms.RedateForm(request.POST),
        lambda data: services.redate(
            actor=page.place.actor,
            item=page.item,
            new_date=data["new_date"],
            reason=data["reason"],
            version=data["version"],
        ),
        "Date moved. The baseline stays beside it.",
        may=policies.may_redate(page.place.actor, page.item, page.place.cast),
    )


@require_POST
def reassign(request: HttpRequest, program_slug: str, kind: str, slug: str) -> HttpResponse:
    """Give the item to another person of the program, or back to the role's holder."""
    page = _page(request, program_slug, kind, slug)
    at = page.place
    holder = active(page.item.owner_role.holder)
    return answer(
        page,
        forms.ReassignForm(request.POST, people=at.cast.people, holder=str(holder or "nobody")),
        lambda data: services.reassign(
            actor=at.actor, item=page.item, person=data["person"], reason=data["reason"], version=data["version"]
        ),
        "Reassigned.",
        may=policies.may_reassign(at.actor, page.item, at.cast),
    )


@require_POST
def delegate(request: HttpRequest, program_slug: str, kind: str, slug: str) -> HttpResponse:
    """Hand the item to the role's deputy."""
    page = _page(request, program_slug, kind, slug)
    return answer(
        page,
        forms.DelegateForm(request.POST),
        lambda data: services.delegate(actor=page.place.actor, item=page.item, version=data["version"]),
        "Handed to the deputy.",
        # After the first press the item is the deputy's; the service tells a repeat from a new try.
        may=ALLOWED if page.item.delegated else policies.may_delegate(page.place.actor, page.item, page.place.cast),
    )


def _page(request: HttpRequest, program_slug: str, kind: str, slug: str) -> Page:
    return PAGES[kind](request, program_slug, slug)
