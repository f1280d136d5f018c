"""The other views of ownership: people, what stops, the transfer log, RACI, and the areas themselves."""

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core import clock
from core.errors import Invalid
from core.htmx import render_page
from dashboard.forms_ownership import AreaForm, AwayForm, RaciForm
from dashboard.selectors.people import person_rows
from dashboard.selectors.raci import raci_table
from dashboard.selectors.stops import what_stops
from ownership import policies
from ownership import services as ownership
from ownership.selectors import answered_nominations, most_roles, transfer_log
from ownership.services.areas import AreaText
from programs.enums import Duration
from programs.models import OwnershipArea, Program
from programs.selectors import Cast, cast_of, get_program_for

LOOK = 14  # days that "what stops" looks ahead unless asked otherwise


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """One row per person."""
    _, program, company = _place(request, slug)
    rows = person_rows(company, clock.today(program.time_zone))
    return _page(request, "people", program, company, {"rows": rows, "most": most_roles(program)})


@require_safe
def away(request: HttpRequest, slug: str) -> HttpResponse:
    """What stops if somebody is away."""
    actor, program, company = _place(request, slug)
    today = clock.today(program.time_zone)
    people = company.people
    first = next((p for p in people if p.pk == actor.pk), people[0] if people else None)
    asked = {name: request.GET[name] for name in ("person", "start", "end") if request.GET.get(name)}
    usual = {"person": first.pk if first else "", "start": today, "end": today + dt.timedelta(days=LOOK)}
    form = AwayForm({**usual, **asked}, people=people)
    if form.is_valid():
        person = next(p for p in people if p.pk == form.cleaned_data["person"])
        window = (form.cleaned_data["start"], form.cleaned_data["end"])
        found = what_stops(company, person, window, today)
        return _page(request, "away", program, company, {"form": form, "stops": found, "person": person})
    return _page(request, "away", program, company, {"form": form}, status=422 if asked else 200)


@require_safe
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """Who accepted what when, in which words, and how it ended."""
    _, program, company = _place(request, slug)
    context = {"acceptances": transfer_log(program), "unanswered": answered_nominations(program)}
    return _page(request, "log", program, company, context)


@require_safe
def raci(request: HttpRequest, slug: str) -> HttpResponse:
    """Activities against roles."""
    actor, program, company = _place(request, slug)
    roles, rows = raci_table(company)
    context = {
        "roles": roles,
        "rows": rows,
        "gaps": sum(bool(row.gaps) for row in rows),
        "may_manage": policies.may_nominate(actor, company),
    }
    return _page(request, "raci", program, company, context)


@require_http_methods(["GET", "HEAD", "POST"])
def raci_row(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """Give one activity new letters."""
    actor, program, company = _place(request, slug)
    policies.may_nominate(actor, company).require()
    row = next((r for r in raci_table(company)[1] if r.position == position), None)
    if row is None:
        raise Http404("No such activity")
    letters = {f"role_{role.pk}": cell for role, cell in row.cells}
    bound = request.POST if request.method == "POST" else None
    form = RaciForm(bound, initial={**letters, "version": row.version}, roles=company.roles)
    if form.is_bound and form.is_valid():
        values = {"cells": form.cells(), "version": form.cleaned_data["version"]}
        try:
            ownership.change_row(actor=actor, program=program, position=position, **values)
        except Invalid as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            messages.success(request, f"{row.activity} is saved.")
            return redirect("ownership_raci", slug)
    context = {"program": program, "row": row, "form": form}
    return render_page(request, "dashboard/ownership/raci_row.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def area_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an ownership area beside the built-in ones (S61)."""
    actor, program, company = _place(request, slug)
    policies.may_nominate(actor, company).require()
    form = AreaForm(request.POST if request.method == "POST" else None, roles=company.roles)
    if form.is_bound and form.is_valid():
        try:
            made = ownership.add_area(
                actor=actor, program=program, role=form.cleaned_data["role"], text=_text(form.cleaned_data)
            )
        except Invalid as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            messages.success(request, f"{made.name} is added.")
            return redirect("owners", slug)
    context = {"program": program, "form": form}
    return render_page(request, "dashboard/ownership/area.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def area(request: HttpRequest, slug: str, area_slug: str) -> HttpResponse:
    """Reword an area."""
    actor, program, company = _place(request, slug)
    found = get_object_or_404(OwnershipArea.objects.select_related("program", "role"), program=program, slug=area_slug)
    policies.may_nominate(actor, company).require()
    names = ("name", "covers", "may_decide", "routine", "team", "version")
    initial: dict[str, Any] = {name: getattr(found, name) for name in names}
    initial |= next(iter(found.response_times), {})
    form = AreaForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            ownership.change_area(actor=actor, area=found, text=_text(form.cleaned_data), version=version)
        except Invalid as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            messages.success(request, f"{found.name} is saved.")
            return redirect("owners", slug)
    context = {"program": program, "area": found, "form": form}
    return render_page(request, "dashboard/ownership/area.html", context, status=422 if form.is_bound else 200)


def _text(values: dict[str, Any]) -> AreaText:
    names = ("name", "covers", "may_decide", "routine", "team", "trigger")
    return AreaText(
        **{name: values[name] for name in names},
        amount=values["amount"] or 0,
        unit=Duration(values["unit"] or Duration.WORKING_DAYS),
    )


def _place(request: HttpRequest, slug: str) -> tuple[User, Program, Cast]:
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    return actor, program, cast_of(program)


def _page(
    request: HttpRequest, view: str, program: Program, company: Cast, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = {"program": program, "tab": "owners", "view": view, "gap_count": len(company.vacant)}
    return render_page(request, f"dashboard/ownership/{view}.html", {**shared, **context}, status=status)
