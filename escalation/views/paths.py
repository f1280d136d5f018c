"""The paths of a program as data: read by everybody, changed by the program manager. Decides nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.htmx import render_page
from escalation import forms, policies, services
from escalation.defaults import defaults
from escalation.domain.words import wait_words
from escalation.selectors.calling import Callers, callers_of
from escalation.selectors.paths import find_path, levels_of, paths_of, settled
from escalation.services import LevelInput
from escalation.views._place import Place, answer, place
from risks.models import EscalationPath


@require_safe
def paths(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show every path: what sets it off, who is told after how long, who that is today."""
    at = place(request, program_slug)
    callers = callers_of(at.program, at.cast)
    context = {
        "program": at.program,
        "tab": "risks",
        "hours": defaults().hours,
        "paths": [(path, settled(path), _levels(path, callers)) for path in paths_of(at.program)],
        "may_change": policies.may_change_path(at.actor, at.cast),
    }
    return render_page(request, "escalation/paths.html", context, partial="paths")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Set the levels of a path; the version tells two people apart who do so at once."""
    at = place(request, program_slug)
    path = find_path(at.program, slug)
    may = policies.may_change_path(at.actor, at.cast)
    if request.method != "POST":
        may.require()
        return _draw(at, path, _form(at, path))
    form = _form(at, path, request.POST)

    def act(data: dict[str, Any]) -> EscalationPath:
        return services.change_path(
            actor=at.actor,
            path=path,
            levels=[LevelInput(*level) for level in data["levels"]],
            round_the_clock=data["round_the_clock"],
            version=data["version"],
        )

    def again(form: forms.PathForm, status: int, **more: object) -> HttpResponse:
        now = find_path(at.program, slug)
        if status == 409:
            form.renew(settled(now).version)
        return _draw(at, now, form, status=status, **more)

    said = "Saved. Running clocks go by it from their next level on."
    return answer(at, form, act, said, may=may, show=again, to=reverse("escalation_paths", args=[at.program.slug]))


def _form(at: Place, path: EscalationPath, data: Any = None) -> forms.PathForm:
    levels, terms = levels_of(path), settled(path)
    initial: dict[str, Any] = {"version": terms.version, "round_the_clock": terms.round_the_clock}
    for number, level in enumerate(levels, start=1):
        initial[f"roles_{number}"] = [str(role.pk) for role in level.roles.all()]
        initial[f"unit_{number}"], initial[f"amount_{number}"] = level.unit, level.amount or None
    return forms.PathForm(data, name="path", roles=at.cast.roles, shown=len(levels) + 1, initial=initial)


def _draw(at: Place, path: EscalationPath, form: forms.PathForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"program": at.program, "tab": "risks", "path": path, "form": form, "here": at.request.path, **more}
    return render_page(at.request, "escalation/path.html", context, status=status)


def _levels(path: EscalationPath, callers: Callers) -> list[dict[str, Any]]:
    always = settled(path).round_the_clock
    found = []
    for place_, level in enumerate(levels_of(path)):
        told = callers.calls(level.roles.all())
        ids = {call.user_id for call in told.told}
        people = {p.pk: p for role in callers.cast.roles for p in (role.holder, role.deputy) if p and p.pk in ids}
        found.append(
            {
                "roles": ", ".join(role.name for role in level.roles.all()),
                "wait": wait_words(level.unit, level.amount, first=place_ == 0, round_the_clock=always),
                "note": _named(level.note, callers),
                "people": ", ".join(str(person) for person in people.values()),
                "gaps": told.gaps,
            }
        )
    return found


def _named(note: str, callers: Callers) -> str:
    """The playbook's own words with roles by name; their slugs are for files, not for readers."""
    for role in sorted(callers.cast.roles, key=lambda role: -len(role.slug)):
        note = note.replace(role.slug, role.name)
    return note
