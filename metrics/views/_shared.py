"""What these views share: who asks and where, and one way to answer a form. Must not decide rights."""

from collections.abc import Callable, Mapping
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

ALIASES = {"name": ("metric_name", "title")}
"""Field of a service → fields of forms that call it something else."""


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


Show = Callable[[Mapping[str, Form], int, Mapping[str, Any]], HttpResponse]
"""Draws the page again: forms as they came in by name, the status, and more for the template."""


def answer(
    at: Place,
    form: Any,
    act: Callable[[Any], Any],
    said: str,
    *,
    may: Decision,
    show: Show,
    to: str,
    version: Callable[[], int] | None = None,
) -> HttpResponse:
    """Do what a form asks, then lead to the page `to` with the words `said`.

    `may` is asked first (403). Refusals keep what was typed: 422 at the field, 409 with both values; `version` tells
    the version of what is there now.
    """
    may.require()
    if not form.is_valid():
        return show({form.name: form}, 422, {})
    try:
        act(form)
    except Invalid as error:
        form.add_error(_field(form, error.field), str(error))
        return show(
            {form.name: form}, 422, {"faults": getattr(error, "faults", ()), "cut": getattr(error, "cut", False)}
        )
    except Conflict as error:
        if version is not None:
            form.renew(version())
        card = {"message": str(error), "current": error.current, "mine": form.typed()}
        return show({form.name: form}, 409, {"conflict": card})
    messages.success(at.request, said)
    return go(at.request, to)


def _field(form: Any, name: str) -> str | None:
    return next((field for field in (name, *ALIASES.get(name, ())) if field in form.fields), None)
