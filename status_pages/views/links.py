"""Share links of a program or a portfolio: list, make, renew, revoke. A token is shown once, where it was made."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from core import clock
from core.decisions import Decision
from core.errors import Invalid
from core.htmx import render_page
from programs.models import Portfolio, Program
from programs.selectors import cast_of, get_program_for
from status_pages import policies
from status_pages.forms import LinkForm
from status_pages.models import ShareLink
from status_pages.selectors.links import links_of
from status_pages.services import sharing


@never_cache
@sensitive_post_parameters("passcode")
@require_http_methods(["GET", "HEAD", "POST"])
def program_links(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the links of a program's status and make new ones."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    return _links(request, actor, policies.may_share(actor, cast_of(program)), program=program)


@never_cache
@sensitive_post_parameters("passcode")
@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_links(request: HttpRequest, portfolio_slug: str) -> HttpResponse:
    """Show the links of a portfolio's status and make new ones (administrators)."""
    actor = cast(User, request.user)
    may = policies.may_share_portfolio(actor)
    may.require()
    return _links(request, actor, may, portfolio=get_object_or_404(Portfolio, slug=portfolio_slug))


@never_cache
@require_POST
def rotate(request: HttpRequest, link_id: int) -> HttpResponse:
    """Give a link a new token and show it once."""
    actor = cast(User, request.user)
    link = _own(actor, link_id)
    made = sharing.rotate_link(actor=actor, link=link)
    may = policies.may_share(actor, cast_of(link.program)) if link.program else policies.may_share_portfolio(actor)
    return _show(request, may, LinkForm(), link.program, link.portfolio, made=made)


@require_POST
def revoke(request: HttpRequest, link_id: int) -> HttpResponse:
    """End a link with the next request."""
    actor = cast(User, request.user)
    link = sharing.revoke_link(actor=actor, link=_own(actor, link_id))
    messages.success(request, "Revoked: the link is dead from now on.")
    return redirect(_address(link.program, link.portfolio))


def _links(
    request: HttpRequest,
    actor: User,
    may: Decision,
    *,
    program: Program | None = None,
    portfolio: Portfolio | None = None,
) -> HttpResponse:
    may.require()
    if request.method != "POST":
        return _show(request, may, LinkForm(), program, portfolio)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _show(request, may, form, program, portfolio, status=422)
    try:
        made = sharing.make_link(
            actor=actor, wanted=form.wanted(), program=program, portfolio=portfolio, key=form.cleaned_data["key"]
        )
    except Invalid as error:
        form.add_error(error.field or None, str(error))
        return _show(request, may, form, program, portfolio, status=422)
    return _show(request, may, LinkForm(), program, portfolio, made=made)


def _show(
    request: HttpRequest,
    may: Decision,
    form: LinkForm,
    program: Program | None,
    portfolio: Portfolio | None,
    *,
    made: sharing.Made | None = None,
    status: int = 200,
) -> HttpResponse:
    address = ""
    if made is not None and made.token is not None:
        address = f"{settings.SITE_URL}{reverse('share_open', args=[made.token])}"
    context: dict[str, Any] = {
        "program": program,
        "portfolio": portfolio,
        "rows": links_of(program, portfolio),
        "now": clock.now(),
        "form": form,
        "may_share": may,
        "made": made,
        "address": address,
        "here": _address(program, portfolio),
        "zone": cast(User, request.user).time_zone,
    }
    return render_page(request, "status_pages/links.html", context, status=status)


def _own(actor: User, link_id: int) -> ShareLink:
    """A link of something the actor may see. Errors: Http404."""
    link = ShareLink.objects.select_related("program", "portfolio").filter(pk=link_id).first()
    if link is None:
        raise Http404("No such link")
    if link.program is not None:
        get_program_for(actor, link.program.slug)
    elif not policies.may_share_portfolio(actor):
        raise Http404("No such link")
    return link


def _address(program: Program | None, portfolio: Portfolio | None) -> str:
    if program is not None:
        return reverse("status_links", args=[program.slug])
    return reverse("portfolio_links", args=[portfolio.slug if portfolio else ""])
