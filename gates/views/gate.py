"""The page of a gate or checkpoint and what people do there before it is decided. Decides nothing; services do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from core.errors import Invalid
from gates import forms, policies
from gates.enums import View
from gates.services import reviews
from gates.views._page import GatePage, gate_page
from phases import policies as plan_policies
from phases import services as plan_services
from phases.views._shared import answer


@require_safe
def gate(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show a gate: its question, what is met and open and with whom, views, decisions and why each is not open (G3)."""
    return gate_page(request, program_slug, slug).show()


@require_POST
def open_review(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Hand the gate in to review; a snapshot is taken (G11)."""
    page = gate_page(request, program_slug, slug)
    return answer(
        page,
        forms.ReviewForm(request.POST),
        lambda data: reviews.open_review(actor=page.place.actor, event=page.item, text=data["text"]),
        "In review. The gatekeepers can give their views.",
        may=policies.may_open_review(page.place.actor, page.place.cast),
    )


@require_POST
def give_view(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Give or change the view of a gatekeeping role (G3, G22)."""
    page = gate_page(request, program_slug, slug)
    return answer(page, forms.ViewForm(request.POST), lambda data: _give(page, data), "Your view is on record.")


def _give(page: GatePage, data: Any) -> None:
    role = page.place.cast.by_slug.get(data["role"])
    if role is None:
        raise Invalid("There is no such role here.", field="role")
    reviews.give_view(
        actor=page.place.actor,
        event=page.item,
        role=role,
        view=View(data["view"]),
        text=data["text"],
        dissent=data["dissent"],
    )


@require_POST
def name_alternate(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Name who speaks for an absent gatekeeper (G22)."""
    page = gate_page(request, program_slug, slug)
    cast = page.place.cast
    form = forms.AlternateForm(request.POST, roles=cast.roles, people=cast.people)
    return answer(
        page,
        form,
        lambda data: reviews.name_alternate(
            actor=page.place.actor,
            event=page.item,
            role=cast.by_slug[data["role"]],
            person=data["person"],
            reason=data["reason"],
        ),
        "The alternate is named.",
    )


@require_POST
def redate(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Agree a new date for a gate or checkpoint with a reason."""
    page = gate_page(request, program_slug, slug)
    return answer(
        page,
        forms.RedateForm(request.POST),
        lambda data: plan_services.redate_event(
            actor=page.place.actor,
            event=page.item,
            new_date=data["new_date"],
            reason=data["reason"],
            version=data["version"],
        ),
        "Date moved. The baseline stays beside it.",
        may=plan_policies.may_redate(page.place.actor, page.item, page.place.cast),
    )
