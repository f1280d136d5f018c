"""Conditions after the gate: proof by the owner, closing or sending back by the verifier (G15)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from gates import forms
from gates.models import Condition
from gates.services import conditions
from gates.views._page import GatePage, gate_page
from phases.forms import VersionForm
from phases.views._shared import answer


@require_POST
def prove(request: HttpRequest, program_slug: str, slug: str, condition_id: int) -> HttpResponse:
    """Give the evidence for a condition."""
    page = gate_page(request, program_slug, slug)
    condition = _condition(page, condition_id)
    return answer(
        page,
        forms.ConditionProofForm(request.POST),
        lambda data: conditions.prove_condition(
            actor=page.place.actor,
            condition=condition,
            text=data["text"],
            url=data["url"],
            version=data["version"],
        ),
        "Handed in. The verifier looks at it.",
    )


@require_POST
def close(request: HttpRequest, program_slug: str, slug: str, condition_id: int) -> HttpResponse:
    """Close a condition whose exit test is met."""
    page = gate_page(request, program_slug, slug)
    condition = _condition(page, condition_id)
    return answer(
        page,
        VersionForm(request.POST),
        lambda data: conditions.close_condition(actor=page.place.actor, condition=condition, version=data["version"]),
        "The condition is closed.",
    )


@require_POST
def send_back(request: HttpRequest, program_slug: str, slug: str, condition_id: int) -> HttpResponse:
    """Return a condition's evidence with what is missing."""
    page = gate_page(request, program_slug, slug)
    condition = _condition(page, condition_id)
    return answer(
        page,
        forms.ConditionBackForm(request.POST),
        lambda data: conditions.send_condition_back(
            actor=page.place.actor, condition=condition, reason=data["reason"], version=data["version"]
        ),
        "Sent back with your reason.",
    )


def _condition(page: GatePage, condition_id: int) -> Condition:
    rows = Condition.objects.select_related("program", "decision")
    return get_object_or_404(rows, pk=condition_id, decision__event_id=page.item.pk)
