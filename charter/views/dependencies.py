"""Dependencies: the list with the map by team, and one of them. Decides nothing; services do."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter import forms, policies, services
from charter.domain.dependencies import MAPPED
from charter.enums import DependencyState
from charter.models import Dependency
from charter.selectors import dependencies as reads
from charter.views._shared import Bound, CharterPage, Place, answer, filters, place
from core import clock
from registers.policies import may_log

WORDS = ("team", "what", "needed_by", "state", "owner_role", "note")


@require_http_methods(["GET", "HEAD", "POST"])
def dependencies(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show what is waited for and the map by team; take a new dependency (S81)."""
    at = place(request, program_slug)
    page = CharterPage(at, "charter/dependencies.html", "dependencies", _listing)
    if request.method != "POST":
        return page.show()
    form = forms.AddDependencyForm(request.POST, roles=at.cast.roles)
    return answer(
        page,
        form,
        lambda data: services.add_dependency(actor=at.actor, program=at.program, facts=form.facts(), key=data["key"]),
        "Dependency written down.",
        may=may_log(at.actor, at.cast),
        to=page.address,
    )


@require_safe
def dependency(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Show one dependency."""
    return _page(place(request, program_slug), number).show()


@require_POST
def change(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Change a dependency, or say how far it is."""
    at = place(request, program_slug)
    row = reads.find_dependency(at.program, number, at.cast)
    form = forms.ChangeDependencyForm(request.POST, roles=at.cast.roles)
    return answer(
        _page(at, number),
        form,
        lambda data: services.change_dependency(
            actor=at.actor, dependency=row, facts=form.facts(), version=data["version"]
        ),
        "Saved.",
        may=policies.may_change_dependency(at.actor, row, at.cast),
        to=row.get_absolute_url(),
    )


def _listing(at: Place, bound: Bound) -> dict[str, Any]:
    today = clock.today(at.program.time_zone)
    named, counts = reads.filters_on(today), reads.counts(at.program, today)
    chosen, offered = filters(named, counts, at.request)
    rows = reads.listed(at.program, at.cast, named[chosen][1])
    return {
        "rows": [(row, row.is_late(today)) for row in rows],
        "filters": offered,
        "chosen": chosen,
        "total": counts["all"],
        "teams": reads.by_team(at.program, today),
        "states": [state.value.capitalize() for state in MAPPED],
        "may_log": may_log(at.actor, at.cast),
        "form": bound.get("dependency")
        or forms.AddDependencyForm(roles=at.cast.roles, initial={"state": DependencyState.ASKED.value}),
    }


def _page(at: Place, number: int) -> CharterPage:
    def build(at: Place, bound: Bound) -> dict[str, Any]:
        row = reads.find_dependency(at.program, number, at.cast)
        initial = {"version": row.version, **{name: getattr(row, name) for name in WORDS}}
        return {
            "row": row,
            "here": row.get_absolute_url(),
            "late": row.is_late(clock.today(at.program.time_zone)),
            "may_change": policies.may_change_dependency(at.actor, row, at.cast),
            "change_form": bound.get("change") or forms.ChangeDependencyForm(roles=at.cast.roles, initial=initial),
        }

    def version() -> int:
        return Dependency.objects.get(program=at.program, number=number).version

    return CharterPage(at, "charter/dependency.html", "dependencies", build, version)
