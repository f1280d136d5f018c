"""What happens to a risk: corrected, reviewed, raised, closed, opened again. Decides nothing; services do."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from risks import forms, policies, services
from risks.selectors import find_risk
from risks.views._page import answer_risk, change_form
from risks.views._shared import place
from risks.views.listing import facts_of


@require_POST
def risk_change(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Correct words, response, owner, path or target."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    return answer_risk(
        at,
        found,
        change_form(at, found, request.POST),
        lambda data: services.change_risk(actor=at.actor, risk=found, facts=facts_of(data), version=data["version"]),
        "Saved.",
        policies.may_keep(at.actor, found, at.cast),
    )


@require_POST
def risk_review(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Say that the risk was looked at; the next review date follows (S57)."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    return answer_risk(
        at,
        found,
        forms.ReviewForm(request.POST, name="review"),
        lambda data: services.review_risk(actor=at.actor, risk=found, **data),
        "Reviewed. The next date is set.",
        policies.may_keep(at.actor, found, at.cast),
    )


@require_POST
def risk_raise(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Raise a risk ahead of its phase (S89)."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    return answer_risk(
        at,
        found,
        forms.RaiseForm(request.POST, name="raise"),
        lambda data: services.raise_risk(actor=at.actor, program=at.program, slug=found.slug, reason=data["reason"]),
        "Raised. It counts from now on.",
        policies.may_keep(at.actor, found, at.cast),
    )


@require_POST
def risk_close(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Close a risk with the reason; never its owner."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    return answer_risk(
        at,
        found,
        forms.ReasonForm(request.POST, name="close"),
        lambda data: services.close_risk(actor=at.actor, risk=found, **data),
        "Closed. It stays readable under “Closed”.",
        policies.may_close(at.actor, found, at.cast),
    )


@require_POST
def risk_reopen(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Open a closed risk again."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    return answer_risk(
        at,
        found,
        forms.ReasonForm(request.POST, name="reopen"),
        lambda data: services.reopen_risk(actor=at.actor, risk=found, **data),
        "Open again, with the score it had.",
        policies.may_keep(at.actor, found, at.cast),
    )
