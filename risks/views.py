"""The risk register and one risk with what people do about it (S55, G23). Decides nothing; services do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core import clock
from core.decisions import Decision
from core.errors import Conflict, Invalid
from core.htmx import go, render_page
from programs.models import Program
from programs.selectors import Cast, cast_of, get_program_for
from risks import forms, policies, services
from risks.models import MitigationAction, Risk
from risks.selectors import RiskLine, find_risk, register_of, tolerance_of

Bound = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a request stands: the signed-in person in a program they may see."""

    request: HttpRequest
    actor: User
    program: Program
    cast: Cast


def _place(request: HttpRequest, program_slug: str) -> Place:
    actor = cast(User, request.user)  # LoginRequiredMiddleware lets nobody else in
    program = get_program_for(actor, program_slug)
    return Place(request, actor, program, cast_of(program))


@require_safe
def risks(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the register, worst current score first; what is above tolerance is said in words."""
    at = _place(request, program_slug)
    lines = register_of(at.program, clock.today(at.program.time_zone))
    context = {
        "program": at.program,
        "tab": "risks",
        "lines": lines,
        "tolerance": tolerance_of(at.program),
        "above": sum(line.above for line in lines),
        "unsigned": sum(line.above and line.acceptance is None for line in lines),
    }
    return render_page(request, "risks/register.html", context, partial="risks")


@require_safe
def risk(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show one risk: scores, owner, response, signs, actions, and who lives with it until when."""
    at = _place(request, program_slug)
    return _show(at, _find(at, slug))


@require_POST
def risk_rescore(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Set the current score; lower only with a finished, proven action (G23)."""
    at = _place(request, program_slug)
    found = _find(at, slug).risk
    return _answer(
        at,
        found,
        forms.RescoreForm(request.POST, name="rescore", scale=_scale(at)),
        lambda data: services.rescore(actor=at.actor, risk=found, **data),
        "Scored. The earlier score stays in the activity.",
        policies.may_rescore(at.actor, found, at.cast),
    )


@require_POST
def risk_accept(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Sign for the risk as it stands until a day; never its owner (G2, G23)."""
    at = _place(request, program_slug)
    found = _find(at, slug).risk
    return _answer(
        at,
        found,
        forms.AcceptForm(request.POST, name="accept"),
        lambda data: services.accept_risk(actor=at.actor, risk=found, **data),
        "Accepted until that day, with your name.",
        policies.may_accept(at.actor, found, at.cast),
    )


@require_POST
def risk_action_date(request: HttpRequest, program_slug: str, slug: str, action_id: int) -> HttpResponse:
    """Agree when an action is due (G23)."""
    at = _place(request, program_slug)
    found = _find(at, slug).risk
    action = get_object_or_404(MitigationAction.objects.select_related("risk"), pk=action_id, risk=found)
    return _answer(
        at,
        found,
        forms.DateForm(request.POST, name=f"date-{action.pk}"),
        lambda data: services.date_action(actor=at.actor, action=action, due_date=data["due_date"]),
        "The date is agreed.",
        policies.may_rescore(at.actor, found, at.cast),
    )


@require_POST
def risk_action_finish(request: HttpRequest, program_slug: str, slug: str, action_id: int) -> HttpResponse:
    """Finish an action with what shows that it is done."""
    at = _place(request, program_slug)
    found = _find(at, slug).risk
    action = get_object_or_404(MitigationAction.objects.select_related("risk"), pk=action_id, risk=found)
    return _answer(
        at,
        found,
        forms.FinishForm(request.POST, name=f"finish-{action.pk}"),
        lambda data: services.finish_action(actor=at.actor, action=action, proof=data["proof"]),
        "Finished, with its proof.",
        policies.may_rescore(at.actor, found, at.cast),
    )


def _answer(
    at: Place, found: Risk, form: forms.RiskForm, act: Callable[[dict[str, Any]], object], said: str, may: Decision
) -> HttpResponse:
    """Do what a form asks: a redirect when done; 403 first, then 422 and 409 with what was typed kept."""
    may.require()
    if not form.is_valid():
        return _show(at, _find(at, found.slug), {form.name: form}, status=422)
    try:
        act(form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _show(at, _find(at, found.slug), {form.name: form}, status=422)
    except Conflict as error:
        card = {"message": str(error), "current": error.current, "mine": form.typed()}
        now = _find(at, found.slug)
        form.renew(now.risk.current_score)
        return _show(at, now, {form.name: form}, status=409, conflict=card)
    messages.success(at.request, said)
    address = found.get_absolute_url()
    return go(at.request, address) if at.request.headers.get("HX-Request") else redirect(address)


def _find(at: Place, slug: str) -> RiskLine:
    return find_risk(at.program, slug, clock.today(at.program.time_zone))


def _show(at: Place, line: RiskLine, bound: Bound | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
    bound, found = bound or {}, line.risk
    seen = {"seen": found.current_score}
    now = {**seen, "likelihood": found.current_likelihood, "impact": found.current_impact}
    context = {
        "program": at.program,
        "tab": "risks",
        "line": line,
        "risk": found,
        "tolerance": tolerance_of(at.program),
        "owner": at.cast.by_id[found.owner_role_id],
        "actions": [
            (
                action,
                bound.get(f"date-{action.pk}")
                or forms.DateForm(name=f"date-{action.pk}", initial={"due_date": action.due_date}),
                bound.get(f"finish-{action.pk}") or forms.FinishForm(name=f"finish-{action.pk}"),
            )
            for action in line.actions
        ],
        "acceptances": found.acceptances.all(),
        "may_accept": policies.may_accept(at.actor, found, at.cast),
        "may_rescore": policies.may_rescore(at.actor, found, at.cast),
        "rescore_form": bound.get("rescore") or forms.RescoreForm(name="rescore", scale=_scale(at), initial=now),
        "accept_form": bound.get("accept") or forms.AcceptForm(name="accept", initial=seen),
        "here": found.get_absolute_url(),
        **more,
    }
    return render_page(at.request, "risks/risk.html", context, partial="risks", status=status)


def _scale(at: Place) -> tuple[int, int]:
    scale = at.program.risk_scale
    return int(scale.get("minimum", 1)), int(scale.get("maximum", 5))
