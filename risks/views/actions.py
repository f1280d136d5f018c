"""What is posted to mitigation actions. Decides nothing; services do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from risks import forms, policies, services
from risks.models import MitigationAction, Risk
from risks.selectors import find_risk
from risks.views._page import answer_risk
from risks.views._shared import place


@require_POST
def risk_action_add(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Plan an action with an owner and a date (S58)."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    return answer_risk(
        at,
        found,
        forms.AddActionForm(request.POST, name="add-action", roles=at.cast.roles),
        lambda data: services.add_action(actor=at.actor, risk=found, **data),
        "The action is planned.",
        policies.may_keep(at.actor, found, at.cast),
    )


@require_POST
def risk_action_change(request: HttpRequest, program_slug: str, slug: str, action_id: int) -> HttpResponse:
    """Reword, hand on or re-date an action; a first date is agreed here too (G23)."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    action = _action(found, action_id)
    return answer_risk(
        at,
        found,
        forms.ChangeActionForm(request.POST, name=f"action-{action.pk}", roles=at.cast.roles),
        lambda data: services.change_action(actor=at.actor, action=action, **data),
        "Saved.",
        policies.may_keep(at.actor, found, at.cast),
    )


@require_POST
def risk_action_finish(request: HttpRequest, program_slug: str, slug: str, action_id: int) -> HttpResponse:
    """Finish an action with what shows that it is done."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    action = _action(found, action_id)
    return answer_risk(
        at,
        found,
        forms.FinishForm(request.POST, name=f"finish-{action.pk}"),
        lambda data: services.finish_action(actor=at.actor, action=action, proof=data["proof"]),
        "Finished, with its proof.",
        policies.may_finish(at.actor, action, found, at.cast),
    )


def _action(risk: Risk, action_id: int) -> MitigationAction:
    return get_object_or_404(MitigationAction.objects.select_related("risk", "owner_role"), pk=action_id, risk=risk)
