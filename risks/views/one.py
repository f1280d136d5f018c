"""One risk: its page, its score and who lives with it (S57, G23). Decides nothing; services do."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from risks import forms, policies, services
from risks.selectors import find_risk, scale_of
from risks.views._page import answer_risk, show_risk
from risks.views._shared import Bound, answer, place, versions
from risks.views.listing import show_register
from risks.views.scoring import citable_of


@require_safe
def risk(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show one risk: scores over time, owner, response, signs, actions, and who lives with it until when."""
    return show_risk(place(request, program_slug), slug)


@require_POST
def risk_rescore(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Set the current score; lower only with a finished, proven action (G23).

    The form stands on the risk's page and in the register; `back` is the register's query, and then the register
    comes back: row and map move together.
    """
    at = place(request, program_slug)
    line = find_risk(at.program, slug)
    found = line.risk
    form = forms.RescoreForm(request.POST, name=f"score-{slug}", scale=scale_of(at.program), citable=citable_of(line))
    back = request.POST.get("back", "")
    may = policies.may_rescore(at.actor, found, at.cast)

    def act(data: dict[str, Any]) -> object:
        return services.rescore(
            actor=at.actor,
            risk=found,
            likelihood=data["likelihood"],
            impact=data["impact"],
            reason=data["reason"],
            action_id=data["action"],
            version=data["version"],
        )

    said = "Scored. The earlier score stays in its history."
    if not back.startswith("?"):
        return answer_risk(at, found, form, act, said, may)

    def show(bound: Bound, *, status: int = 200, **more: Any) -> HttpResponse:
        return show_register(at, QueryDict(back[1:]), bound, status=status, saved="" if bound else slug, **more)

    to = f"{reverse('risks', args=[program_slug])}{back}"
    return answer(at, form, act, said, may=may, show=show, to=to, now=lambda: versions(found))


@require_POST
def risk_accept(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Sign for the risk as it stands until a day; never its owner (G2, G23)."""
    at = place(request, program_slug)
    found = find_risk(at.program, slug).risk
    return answer_risk(
        at,
        found,
        forms.AcceptForm(request.POST, name="accept"),
        lambda data: services.accept_risk(actor=at.actor, risk=found, **data),
        "Accepted until that day, with your name.",
        policies.may_accept(at.actor, found, at.cast),
    )
