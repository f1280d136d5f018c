"""Status updates of one program: the list with the drafted next one, one update, the sponsor's acknowledgement."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core import clock
from core.htmx import go, render_page
from gates.services.base import Incomplete
from programs.models import Program
from programs.selectors import cast_of, get_program_for
from updates import policies
from updates.domain.draft import grouped
from updates.enums import ByMail
from updates.forms import ByMailForm, UpdateForm
from updates.selectors import by_mail_of, cadence_of, drafted, find_update, latest, reading_of, updates_of
from updates.services import acknowledge as acknowledge_update
from updates.services import post_update, subscribe

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def updates(request: HttpRequest, program_slug: str) -> HttpResponse:
    """List the updates, newest first; the manager posts the next one from here."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    if request.method == "POST":
        return _post(request, actor, program)
    return _list(request, actor, program)


@require_safe
def update(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Show one update as it was posted."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    found = find_update(program, number)
    context = {
        "program": program,
        "row": found,
        "facts": grouped(found.facts),
        "may_acknowledge": policies.may_acknowledge(actor, found.posted_by_id, cast_of(program)),
        "tab": "updates",
    }
    return render_page(request, "updates/update.html", context)


@require_POST
def acknowledge(request: HttpRequest, program_slug: str, number: int) -> HttpResponse:
    """Record that the sponsor has read an update."""
    actor = cast(User, request.user)
    found = find_update(get_program_for(actor, program_slug), number)
    acknowledge_update(actor=actor, update=found)
    messages.success(request, "On record: you have read it.")
    return go(request, found.get_absolute_url())


@require_POST
def by_mail(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Set how the signed-in person gets updates of this program."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    form = ByMailForm(request.POST)
    if not form.is_valid():
        return _list(request, actor, program, mail_form=form, status=422)
    subscribe(actor=actor, program=program, by_mail=ByMail(form.cleaned_data["by_mail"]))
    messages.success(request, "Saved.")
    return redirect("updates", program.slug)


def _post(request: HttpRequest, actor: User, program: Program) -> HttpResponse:
    cast_ = cast_of(program)
    policies.may_post(actor, cast_).require()
    form = UpdateForm(request.POST, cast=cast_)
    if not form.is_valid():
        return _list(request, actor, program, form, status=422)
    try:
        made = post_update(actor=actor, program=program, wanted=form.wanted(), key=form.cleaned_data["key"])
    except Incomplete as error:
        for fault in error.faults:
            form.add_error(fault.field if fault.field in form.fields else None, fault.sentence)
        return _list(request, actor, program, form, status=422)
    messages.success(request, "Posted. It is part of the record now and cannot be edited.")
    return redirect(made.get_absolute_url())


def _list(
    request: HttpRequest,
    actor: User,
    program: Program,
    form: UpdateForm | None = None,
    mail_form: ByMailForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    cast_ = cast_of(program)
    may = policies.may_post(actor, cast_)
    last = latest(program)
    page = Paginator(updates_of(program), PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.program = program
    context: dict[str, Any] = {
        "program": program,
        "rows": page,
        "may_post": may,
        "cadence": cadence_of(program, last, clock.today(program.time_zone)),
        "last": last,
        "mail_form": mail_form or ByMailForm(initial={"by_mail": by_mail_of(actor, program).value}),
        "tab": "updates",
    }
    if may:
        reading = reading_of(program)
        facts = [fact.as_data() for fact in drafted(program, last.posted_at if last else None)]
        context |= {
            "form": form or UpdateForm(cast=cast_, initial={"colour": reading.status.colour.value}),
            "computed": reading.status,
            "facts": grouped(facts),
        }
    return render_page(request, "updates/updates.html", context, status=status)
