"""What these views share: who asks, which program, and one way to answer a form. Must not decide rights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from core.decisions import ALLOWED, Decision
from core.errors import Conflict, Invalid
from core.htmx import render_page, toast, wants_partial
from phases.forms import VersionForm
from programs.models import Program
from programs.selectors import Cast, cast_of, get_program_for


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
    """A page with forms: how to build it anew with a form that was refused, or after a change.

    `build(place, item, bound)` returns the context; `bound` maps a form's name to the form as it came in.
    """

    place: Place
    item: Any
    template: str
    build: Callable[[Place, Any, Mapping[str, Form]], dict[str, Any]]
    find: Callable[[Place], Any]
    row: Callable[["Page", Any], HttpResponse] | None = None

    def show(self, bound: Mapping[str, Any] | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
        """Render the page, or its part `item` when htmx asks."""
        # Nothing can have changed the row since a page that is only read was put together.
        fresh = self.item if self.place.request.method in ("GET", "HEAD") else self.find(self.place)
        context = self.build(self.place, fresh, bound or {})
        return render_page(self.place.request, self.template, {**context, **more}, partial="item", status=status)


def answer(
    page: Page, form: Form, act: Callable[[Mapping[str, Any]], object], said: str, *, may: Decision = ALLOWED
) -> HttpResponse:
    """Do what a form asks and answer: the page with a toast for htmx, a redirect for a plain form.

    A form from a row of another page (htmx without `part=page`) gets that row back, or a notice with the reason.
    Refusals keep what was typed: 422 at the field, 409 with both values. `may` is asked before the form is looked at,
    so that nobody mends a form they may not send; `NotAllowed` is left to the middleware (403).
    """
    may.require()
    request = page.place.request
    as_row = page.row is not None and wants_partial(request) and request.POST.get("part") != "page"
    name = str(getattr(form, "name", "form"))
    if not form.is_valid():
        if as_row:
            raise Invalid(" ".join(str(error) for errors in form.errors.values() for error in errors))
        return page.show({name: form}, status=422)
    try:
        act(form.cleaned_data)
    except Invalid as error:
        if as_row:
            raise
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return page.show({name: form}, status=422)
    except Conflict as error:
        if as_row or not isinstance(form, VersionForm):
            raise
        form.renew(page.find(page.place).version)
        card = {"message": str(error), "current": error.current, "mine": form.typed()}
        return page.show({name: form}, status=409, conflict=card)
    return _done(page, said, as_row=as_row)


def _done(page: Page, said: str, *, as_row: bool) -> HttpResponse:
    request = page.place.request
    if as_row and page.row is not None:
        return toast(page.row(page, page.find(page.place)), said)
    if wants_partial(request):
        return toast(page.show(changed=True), said)
    messages.success(request, said)
    return redirect(local(request.POST.get("next", ""), page.item.get_absolute_url()))


def local(address: str, otherwise: str) -> str:
    """Return `address` when it is a path of this site, else `otherwise` (no open redirect)."""
    safe = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if safe else otherwise
