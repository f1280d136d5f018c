"""Where a request stands, and how a form is answered. Must not decide rights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from core.decisions import Decision
from core.errors import Conflict, Invalid
from core.htmx import go
from programs.models import Program
from programs.selectors import Cast, cast_of, get_program_for

Show = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Place:
    """The signed-in person in a program they may see."""

    request: HttpRequest
    actor: User
    program: Program
    cast: Cast


def place(request: HttpRequest, program_slug: str) -> Place:
    """Return who asks and where. Errors: Http404 for a program the person may not see."""
    actor = cast(User, request.user)  # LoginRequiredMiddleware lets nobody else in
    program = get_program_for(actor, program_slug)
    return Place(request, actor, program, cast_of(program))


def answer(
    at: Place, form: Form, act: Callable[[dict[str, Any]], Any], said: str, *, may: Decision, show: Show, to: str = ""
) -> HttpResponse:
    """Do what a form asks: lead on when done; 403 first, then 422 and 409 with what was typed kept.

    `show(form, status, **more)` draws the page; without `to` the way leads to what `act` returned.
    """
    may.require()
    if not form.is_valid():
        return show(form, 422)
    try:
        made = act(form.cleaned_data)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return show(form, 422)
    except Conflict as error:
        typed: Callable[[], str] = getattr(form, "typed", lambda: next(iter(form.cleaned_data.values()), ""))
        return show(form, 409, conflict={"message": str(error), "current": error.current, "mine": typed()})
    messages.success(at.request, said)
    return go(at.request, to or made.get_absolute_url())
