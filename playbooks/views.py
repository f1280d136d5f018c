"""Pages that launch a program. They parse, check, call and render; every rule lives below."""

import re
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from core import clock
from core.htmx import render_page, wants_partial
from playbooks import policies
from playbooks.domain.faults import FileFaultsError
from playbooks.domain.plan import LaunchPlan, plan_launch
from playbooks.forms import LaunchForm, SpecFileForm
from playbooks.selectors import (
    known_names,
    known_playbooks,
    launch_defaults,
    people_to_offer,
    portfolio_names,
)
from playbooks.services import launch, remove_examples

_KEY = re.compile(r"[0-9a-f]{32}\Z")


@require_http_methods(["GET", "HEAD", "POST"])
def new_program(request: HttpRequest) -> HttpResponse:
    """The launch form; a post asks for the dated preview or, from there, launches. htmx gets the tier as it stands."""
    actor = _launcher(request)
    if request.method != "POST":
        form = LaunchForm(initial=launch_defaults(actor, clock.today(actor.time_zone)))
        return _form_page(request, form)
    form = LaunchForm(request.POST)
    if wants_partial(request):
        return _form_page(request, form)
    return _preview_or_launch(request, form) or _form_page(request, form, status=_kept(request))


@require_http_methods(["GET", "HEAD", "POST"])
def new_program_from_file(request: HttpRequest) -> HttpResponse:
    """The second way: a specification file, or its text, mended in place until it is right."""
    _launcher(request)
    if request.method != "POST":
        return _file_page(request, SpecFileForm())
    form = SpecFileForm(request.POST, request.FILES)
    return _preview_or_launch(request, form) or _file_page(request, form, status=_kept(request))


@require_POST
def remove_example(request: HttpRequest) -> HttpResponse:
    """Delete the example programs of which the person is in charge, then show the portfolio."""
    removed = remove_examples(actor=_person(request))
    words = {0: "There are no example programs any more.", 1: "One example program is removed."}
    messages.success(request, words.get(removed, f"{removed} example programs are removed."))
    return redirect("portfolio")


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("pages of this app are for signed-in people")
    return request.user


def _launcher(request: HttpRequest) -> User:
    actor = _person(request)
    policies.may_launch(actor).require()
    return actor


def _kept(request: HttpRequest) -> int:
    return 200 if request.POST.get("action") == "edit" else 422


def _form_page(request: HttpRequest, form: LaunchForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "scope": form.scope()}
    if not wants_partial(request):
        context |= {"people": people_to_offer(_person(request)), "portfolios": portfolio_names()}
    return render_page(request, "playbooks/new.html", context, partial="tier", status=status)


def _file_page(request: HttpRequest, form: SpecFileForm, *, status: int = 200) -> HttpResponse:
    return render_page(request, "playbooks/from_file.html", {"form": form}, status=status)


def _preview_or_launch(request: HttpRequest, form: LaunchForm | SpecFileForm) -> HttpResponse | None:
    """The preview of what would be created, or the new program; None when something has to be mended or edited."""
    if not form.is_valid() or form.spec is None or request.POST.get("action") == "edit":
        return None
    try:
        if request.POST.get("action") != "launch":
            return _preview(request, form, plan_launch(known_playbooks()[form.spec.program.playbook], form.spec))
        key = request.POST.get("launch_key", "")
        program = launch(
            actor=_launcher(request),
            spec=form.spec,
            now=clock.now(),
            launch_key=key if _KEY.match(key) else None,
            invite_new=bool(request.POST.get("invite")),
        )
    except FileFaultsError as error:
        form.add_faults(error.faults)
        return None
    return redirect(program)


def _preview(request: HttpRequest, form: LaunchForm | SpecFileForm, plan: LaunchPlan) -> HttpResponse:
    known = known_names(person.email for person in plan.spec.people)
    context = {
        "plan": plan,
        "counts": plan.counts(),
        "newcomers": [person for person in plan.spec.people if person.email.lower() not in known],
        "hidden": form.hidden(),
        "launch_key": uuid.uuid4().hex,
        "back": request.path,
    }
    return render_page(request, "playbooks/preview.html", context)
