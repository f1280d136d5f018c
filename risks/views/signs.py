"""What is posted to early signs. Decides nothing; services do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from metrics.models import Metric
from programs.models import Program
from risks import forms, policies, services
from risks.models import Risk, RiskIndicator
from risks.selectors import find_risk
from risks.views._page import answer_risk
from risks.views._shared import place


@require_POST
def risk_sign_add(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Add an early sign, with the metric that shows it if there is one (S57)."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    return answer_risk(
        at,
        found,
        forms.SignForm(request.POST, name="add-sign", metrics=_metrics(at.program)),
        lambda data: services.add_sign(actor=at.actor, risk=found, **data),
        "The sign is on the list.",
        policies.may_keep(at.actor, found, at.cast),
    )


@require_POST
def risk_sign_change(request: HttpRequest, program_slug: str, slug: str, sign_id: int) -> HttpResponse:
    """Reword a sign or tie it to a metric."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    sign = _sign(found, sign_id)
    return answer_risk(
        at,
        found,
        forms.SignForm(request.POST, name=f"sign-{sign.pk}", metrics=_metrics(at.program)),
        lambda data: services.change_sign(actor=at.actor, sign=sign, **data),
        "Saved.",
        policies.may_keep(at.actor, found, at.cast),
    )


@require_POST
def risk_sign_remove(request: HttpRequest, program_slug: str, slug: str, sign_id: int) -> HttpResponse:
    """Take a sign off the list; its words stay in the activity."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    sign = _sign(found, sign_id)
    return answer_risk(
        at,
        found,
        forms.RiskForm(request.POST, name="remove-sign"),
        lambda data: services.remove_sign(actor=at.actor, sign=sign),
        "Taken off the list.",
        policies.may_keep(at.actor, found, at.cast),
    )


def _metrics(program: Program) -> list[Metric]:
    return list(Metric.objects.filter(program=program))


def _sign(risk: Risk, sign_id: int) -> RiskIndicator:
    return get_object_or_404(RiskIndicator.objects.select_related("risk"), pk=sign_id, risk=risk)
