"""Who holds which role, where nobody does, and naming people (S60, S61)."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core import clock
from core.errors import Invalid
from core.htmx import render_page
from dashboard import services
from dashboard.forms import RolePeopleForm
from dashboard.selectors.owners import load_matrix
from programs.policies import may_manage
from programs.selectors import cast_of, get_program_for


@require_safe
def owners(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the ownership matrix: areas first, gaps loudest."""
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    company = cast_of(program)
    matrix = load_matrix(company, clock.today(program.time_zone))
    rows = matrix.rows
    context = {
        "program": program,
        "tab": "owners",
        "view": "matrix",
        "matrix": matrix,
        "rows": rows,
        "filled": sum(row.holder is not None for row in rows),
        "without_deputy": sum(row.holder is not None and row.deputy is None for row in rows),
        "mine": [n for asked in matrix.book.asked.values() for n in asked if n.person_id == actor.pk],
        "gap_count": len(company.vacant),
        "may_manage": may_manage(actor, company),
    }
    return render_page(request, "dashboard/owners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, slug: str, role_slug: str) -> HttpResponse:
    """Name holder and deputy of one role, or leave it empty."""
    actor = cast(User, request.user)
    program = get_program_for(actor, slug)
    company = cast_of(program)
    found = company.by_slug.get(role_slug)
    if found is None:
        raise Http404("No such role")
    may_manage(actor, company).require()
    found.program = program
    initial = {"holder": found.holder_id, "deputy": found.deputy_id, "version": found.version}
    form = RolePeopleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_role_people(actor=actor, role=found, **form.cleaned_data)
        except Invalid as fault:
            form.add_error(fault.field or None, str(fault))
        else:
            messages.success(request, f"{found.name} is saved.")
            return redirect("owners", slug=slug)
    status = 422 if form.is_bound else 200
    return render_page(request, "dashboard/role.html", {"program": program, "role": found, "form": form}, status=status)
