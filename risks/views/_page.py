"""The page of one risk with every form that stands on it. Must not decide rights."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from core.htmx import render_page
from metrics.models import Metric
from risks import forms, policies
from risks.models import MitigationAction, Risk, RiskIndicator
from risks.selectors import RiskLine, find_risk, scale_of
from risks.views._chart import history_chart
from risks.views._shared import Bound, Place, answer, versions
from risks.views.listing import paths_of
from risks.views.scoring import citable_of, rescore_form


def show_risk(at: Place, slug: str, bound: Bound | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw the page; `bound` holds refused forms by name. Errors: Http404."""
    bound, line, scale = bound or {}, find_risk(at.program, slug), scale_of(at.program)
    risk = line.risk
    may_keep = policies.may_keep(at.actor, risk, at.cast)
    metrics = list(Metric.objects.filter(program=at.program)) if may_keep and line.is_open else []
    context = {
        "program": at.program,
        "tab": "risks",
        "line": line,
        "risk": risk,
        "scale": scale,
        "tolerance": scale.tolerance,
        "owner": at.cast.by_id[risk.owner_role_id],
        "may_keep": may_keep,
        "may_add": policies.may_add(at.actor, at.cast),
        "may_rescore": policies.may_rescore(at.actor, risk, at.cast),
        "may_accept": policies.may_accept(at.actor, risk, at.cast),
        "may_close": policies.may_close(at.actor, risk, at.cast),
        "actions": [_action(at, line, action, bound, bool(may_keep)) for action in line.actions],
        "signs": [_sign(sign, bound, metrics, line) for sign in risk.indicators.all()],
        "scores": list(reversed(risk.scores.all())),
        "chart": history_chart(line, at.program),
        "acceptances": risk.acceptances.all(),
        "issues": list(risk.issues.all()),
        "rests_on": citable_of(line),
        "here": risk.get_absolute_url(),
        **_forms(at, line, bound, metrics),
        **more,
    }
    return render_page(at.request, "risks/risk.html", context, partial="risks", status=status)


def answer_risk(
    at: Place, risk: Risk, form: forms.RiskForm, act: Callable[[dict[str, Any]], object], said: str, may: Any
) -> HttpResponse:
    """Answer a form of this page."""

    def show(bound: Bound, **more: Any) -> HttpResponse:
        return show_risk(at, risk.slug, bound, **more)

    return answer(at, form, act, said, may=may, show=show, to=risk.get_absolute_url(), now=lambda: versions(risk))


def change_form(at: Place, risk: Risk, data: Any = None) -> forms.ChangeRiskForm:
    """The form that corrects a risk."""
    names = (
        "event", "cause", "impact", "response", "category", "owner_role", "path",
        "target_likelihood", "target_impact", "version",
    )  # fmt: skip
    initial = {name: getattr(risk, name) for name in names} | {"owner_role": risk.owner_role_id, "path": risk.path_id}
    return forms.ChangeRiskForm(
        data,
        scale=scale_of(at.program),
        roles=at.cast.roles,
        paths=paths_of(at),
        category=risk.category,
        initial=initial,
    )


def _forms(at: Place, line: RiskLine, bound: Bound, metrics: list[Metric]) -> dict[str, Any]:
    risk, version = line.risk, {"version": line.risk.version}
    score_name = f"score-{risk.slug}"
    score = bound.get(score_name) or rescore_form(line, scale_of(at.program), score_name, citable_of(line))
    return {
        "rescore_form": score,
        "accept_form": bound.get("accept") or forms.AcceptForm(name="accept", initial={"seen": risk.current_score}),
        "review_form": bound.get("review") or forms.ReviewForm(name="review", initial=version),
        "raise_form": bound.get("raise") or forms.RaiseForm(name="raise"),
        "close_form": bound.get("close") or forms.ReasonForm(name="close", initial=version),
        "reopen_form": bound.get("reopen") or forms.ReasonForm(name="reopen", initial=version),
        "change_form": bound.get("change") or change_form(at, risk),
        "add_action_form": bound.get("add-action")
        or forms.AddActionForm(name="add-action", roles=at.cast.roles, initial={"owner_role": risk.owner_role_id}),
        "add_sign_form": bound.get("add-sign") or forms.SignForm(name="add-sign", metrics=metrics),
    }


def _action(
    at: Place, line: RiskLine, action: MitigationAction, bound: Bound, may_keep: bool
) -> tuple[MitigationAction, Any, Any]:
    """An action with its two forms; without the right or once it is finished there is none."""
    if action.done_at is not None or not line.is_open:
        return action, None, None
    change = finish = None
    if may_keep:
        initial = {
            "text": action.text,
            "owner_role": action.owner_role_id,
            "due_date": action.due_date,
            "version": action.version,
        }
        name = f"action-{action.pk}"
        change = bound.get(name) or forms.ChangeActionForm(name=name, roles=at.cast.roles, initial=initial)
    if policies.may_finish(at.actor, action, line.risk, at.cast):
        name = f"finish-{action.pk}"
        finish = bound.get(name) or forms.FinishForm(name=name)
    return action, change, finish


def _sign(sign: RiskIndicator, bound: Bound, metrics: list[Metric], line: RiskLine) -> tuple[RiskIndicator, Any, str]:
    """A sign with its form and, while its metric is beyond a limit, how far: warning or critical."""
    name = f"sign-{sign.pk}"
    form = bound.get(name) or forms.SignForm(
        name=name, metrics=metrics, initial={"text": sign.text, "metric": sign.metric_id}
    )
    slug = sign.metric.slug if sign.metric else ""
    return sign, form, next((seen.level for seen in line.signs if seen.slug == slug), "")
