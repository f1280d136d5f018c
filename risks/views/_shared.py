"""What these views share: who asks, which program, one way to show a risk and to answer a form.

Must not decide rights.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from core.decisions import Decision
from core.errors import Conflict, Invalid
from core.htmx import toast, wants_partial
from programs.models import Program
from programs.selectors import Cast, cast_of, get_program_for
from risks.forms import RiskForm
from risks.models import Risk

Bound = Mapping[str, RiskForm]
Show = Callable[..., HttpResponse]


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


def answer(
    at: Place,
    form: RiskForm,
    act: Callable[[dict[str, Any]], object],
    said: str,
    *,
    may: Decision,
    show: Show,
    to: str,
    now: Callable[[], dict[str, int]] = dict,
) -> HttpResponse:
    """Do what a form asks: the page's part with a toast for htmx, a redirect to `to` for a plain form.

    Refusals keep what was typed: 403 before the form is looked at, 422 at the field, 409 with both sides. `show(bound,
    status=, **more)` draws the page anew; `now` says which version and score the form is renewed to after a conflict.
    """
    may.require()
    if not form.is_valid():
        return show({form.name: form}, status=422)
    try:
        act(form.cleaned_data)
    except Invalid as error:
        shown = error.field in form.fields and not form.fields[error.field].widget.is_hidden
        form.add_error(error.field if shown else None, str(error))
        return show({form.name: form}, status=422)
    except Conflict as error:
        card = {"message": str(error), "current": error.current, "mine": form.typed()}
        form.renew(**now())
        return show({form.name: form}, status=409, conflict=card)
    if wants_partial(at.request):
        return toast(show({}, changed=True), said)
    messages.success(at.request, said)
    return redirect(to)


def versions(risk: Risk) -> dict[str, int]:
    """The version and score a refused form is renewed to."""
    found = Risk.objects.get(pk=risk.pk)
    return {"version": found.version, "seen": found.current_score}
