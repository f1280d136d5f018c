"""What these views share: who asks, which program, the frame of the pages, one way to answer a form. No rights here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from core import clock
from core.decisions import Decision
from core.errors import Conflict, Invalid
from core.htmx import render_page, toast, wants_partial
from programs.enums import ProgramState
from programs.models import Program
from programs.selectors import Cast, cast_of, get_program_for

Bound = Mapping[str, Form]


@dataclass(frozen=True)
class Place:
    """Where a request stands: the signed-in person in a program they may see."""

    request: HttpRequest
    actor: User
    program: Program
    cast: Cast


def place(request: HttpRequest, program_slug: str) -> Place:
    """Return who asks and where. Errors: Http404 for a program the person may not see."""
    actor = cast(User, request.user)  # LoginRequiredMiddleware lets nobody else in
    program = get_program_for(actor, program_slug)
    return Place(request, actor, program, cast_of(program))


@dataclass(frozen=True)
class Page:
    """A page with forms: how to build it, and how to build it anew with a form that was refused.

    `build(place, bound)` returns the context; `bound` maps a form's name to the form as it came in. `version` tells
    the version of what is shown as it is now; `address` is where a plain form leads.
    """

    place: Place
    template: str
    section: str
    build: Callable[[Place, Bound], dict[str, Any]]
    address: str
    version: Callable[[], int] | None = None

    def show(self, bound: Bound | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
        """Render the page, or its part `after` when htmx asks."""
        at = self.place
        context = {
            **frame(at.program, self.section, self.address),
            **self.build(at, bound or {}),
            **more,
        }
        return render_page(at.request, self.template, context, partial="after", status=status)


def frame(program: Program, section: str, here: str) -> dict[str, Any]:
    """What the top of every page after day 90 needs."""
    return {
        "program": program,
        "tab": "governance",
        "section": section,
        "here": here,
        "today": clock.today(program.time_zone),
        "in_run": program.state == ProgramState.RUNNING,
    }


def answer(
    page: Page, form: Form, act: Callable[[Mapping[str, Any]], Any], said: str, *, may: Decision
) -> HttpResponse:
    """Do what a form asks and answer: the part of the page with a toast for htmx, a redirect for a plain form.

    Refusals keep what was typed: 422 at the field, 409 with both values. `may` is asked before the form is looked at,
    so that nobody mends a form they may not send (403).
    """
    may.require()
    name = str(getattr(form, "name", "form"))
    if not form.is_valid():
        return page.show({name: form}, status=422)
    try:
        act(form.cleaned_data)
    except Invalid as error:
        field = {"name": "title"}.get(error.field, error.field)
        form.add_error(field if field in form.fields else None, str(error))
        return page.show({name: form}, status=422)
    except Conflict as error:
        if page.version is not None and hasattr(form, "renew"):
            form.renew(page.version())
        typed: Callable[[], str] = getattr(form, "typed", str)
        card = {"message": str(error), "current": error.current, "mine": typed()}
        return page.show({name: form}, status=409, conflict=card)
    if wants_partial(page.place.request):
        return toast(page.show(changed=True), said)
    messages.success(page.place.request, said)
    return redirect(page.address)


def offered(may: Decision, bound: Bound, name: str, make: Callable[[], Form]) -> Form | None:
    """The form that was refused, else a new one; none for somebody who may not send it."""
    return (bound.get(name) or make()) if may else None
