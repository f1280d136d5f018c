"""Pressing by hand, about anything or about a risk; other apps use `press` for things of their own (S58)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from core.htmx import render_page
from escalation import forms, policies, services
from escalation.enums import Subject
from escalation.services import About
from escalation.views._place import Place, answer, place
from risks.models import EscalationPath, Risk

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def start(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Ask what it is about and why, and start a path."""
    return press(place(request, program_slug), None)


@require_http_methods(METHODS)
def start_risk(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Start a path about a risk, its own one unless another is chosen."""
    at = place(request, program_slug)
    risk = get_object_or_404(Risk.objects.select_related("path"), program=at.program, slug=slug)
    risk.program = at.program
    about = About(Subject.RISK, risk.pk, risk.event[:1].upper() + risk.event[1:], risk.get_absolute_url())
    return press(at, about, risk=risk, path=risk.path)


def press(
    at: Place, about: About | None, *, risk: Risk | None = None, path: EscalationPath | None = None
) -> HttpResponse:
    """Show the form about `about` (about anything when None), or take it. `path` is offered first."""
    may = policies.may_start(at.actor, at.cast)
    offered = EscalationPath.objects.filter(program=at.program)

    def show(form: object, status: int = 200, **more: object) -> HttpResponse:
        context = {"program": at.program, "tab": "risks", "form": form, "about": about, "may": may, **more}
        context["here"] = at.request.path
        return render_page(at.request, "escalation/start.html", context, status=status)

    def act(data: dict[str, object]) -> object:
        chosen: EscalationPath = data["path"]  # type: ignore[assignment]  # the field yields a path
        chosen.program = at.program
        return services.start_by_hand(
            actor=at.actor,
            path=chosen,
            about=about or About(Subject.MATTER, 0, str(data["title"])),
            reason=str(data["reason"]),
            risk=risk,
            key=str(data["key"]),
        )

    if at.request.method != "POST":
        return show(forms.StartForm(name="start", paths=offered, matter=about is None, initial={"path": path}))
    form = forms.StartForm(at.request.POST, name="start", paths=offered, matter=about is None)
    return answer(at, form, act, "Started. The first level is told within a minute.", may=may, show=show)
