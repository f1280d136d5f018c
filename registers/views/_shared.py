"""What these views share: who asks, which program, the frame of a register page, one way to answer a form.

Must not decide rights.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from core import clock
from core.decisions import Decision
from core.errors import Conflict, Invalid
from core.htmx import render_page, toast, wants_partial
from programs.models import Program
from programs.selectors import Cast, cast_of, get_program_for
from registers.selectors.overview import tabs

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
    the version of what is shown as it is now.
    """

    place: Place
    template: str
    register: str
    build: Callable[[Place, Bound], dict[str, Any]]
    version: Callable[[], int] | None = None

    @property
    def address(self) -> str:
        """Address of the register's list."""
        return reverse(f"logs_{self.register}", args=[self.place.program.slug])

    def show(self, bound: Bound | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
        """Render the page, or its part `logs` when htmx asks."""
        at = self.place
        context = {
            "program": at.program,
            "tab": "logs",
            "register": self.register,
            "tabs": tabs(at.program),
            "today": clock.today(at.program.time_zone),
            "here": self.address,
            **self.build(at, bound or {}),
            **more,
        }
        return render_page(at.request, self.template, context, partial="logs", status=status)


def answer(
    page: Page,
    form: Form,
    act: Callable[[Mapping[str, Any]], Any],
    said: str,
    *,
    may: Decision,
    to: str,
) -> HttpResponse:
    """Do what a form asks and answer: the part of the page with a toast for htmx, a redirect for a plain form.

    Refusals keep what was typed: 422 at the field, 409 with both values. `may` is asked before the form is looked at,
    so that nobody mends a form they may not send (403). `to` is where a plain form leads.
    """
    may.require()
    name = str(getattr(form, "name", "form"))
    if not form.is_valid():
        return page.show({name: form}, status=422)
    try:
        made = act(form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return page.show({name: form}, status=422)
    except Conflict as error:
        if page.version is not None and hasattr(form, "renew"):
            form.renew(page.version())
        typed: Callable[[], str] = getattr(form, "typed", str)
        card = {"message": str(error), "current": error.current, "mine": typed()}
        return page.show({name: form}, status=409, conflict=card)
    if wants_partial(page.place.request):
        return toast(page.show(changed=made), said)
    messages.success(page.place.request, said)
    return redirect(to)


def filters(
    named: Mapping[str, tuple[str, Any]], counts: Mapping[str, int], request: HttpRequest
) -> tuple[str, list[tuple[str, str, int]]]:
    """Return the filter that is asked for (the first one for anything unknown) and all of them with their counts."""
    asked = request.GET.get("show", "")
    first = next(iter(named))
    return asked if asked in named else first, [(key, words, counts[key]) for key, (words, _) in named.items()]
