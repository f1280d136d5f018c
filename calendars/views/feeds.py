"""Feeds of a person, a program or a portfolio: list, make, renew, revoke. A token is shown once, where it was made."""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from calendars import policies
from calendars.enums import FeedKind
from calendars.forms import KIND_WORDS, FeedForm
from calendars.models import Feed
from calendars.selectors import feeds as selectors
from calendars.selectors.invitations import reviews_in, reviews_of
from calendars.selectors.meetings import plans_with
from calendars.services import feeds as services
from calendars.services.inviting import foresee_switch
from core.errors import Invalid
from core.htmx import render_page
from programs.models import Portfolio, Program
from programs.selectors import cast_of, get_program_for
from status_pages.policies import may_share, may_share_portfolio


@dataclass(frozen=True)
class _Place:
    """Whose feeds a page is about: one's own when it names neither."""

    actor: User
    program: Program | None = None
    portfolio: Portfolio | None = None

    @property
    def here(self) -> str:
        """The page's address."""
        if self.program is not None:
            return reverse("program_calendars", args=[self.program.slug])
        return reverse("portfolio_calendars", args=[self.portfolio.slug]) if self.portfolio else reverse("my_calendars")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_feeds(request: HttpRequest) -> HttpResponse:
    """Show one's own feeds and make new ones; say whether invitations are welcome."""
    return _page(request, _Place(cast(User, request.user)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def program_feeds(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Show the feeds of a program, its invitations, and when its reviews are held."""
    actor = cast(User, request.user)
    return _page(request, _Place(actor, program=get_program_for(actor, program_slug)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_feeds(request: HttpRequest, portfolio_slug: str) -> HttpResponse:
    """Show the feeds of a portfolio's status and make new ones (administrators)."""
    actor = cast(User, request.user)
    may_share_portfolio(actor).require()
    return _page(request, _Place(actor, portfolio=get_object_or_404(Portfolio, slug=portfolio_slug)))


@never_cache
@require_POST
def rotate(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Give a feed a new address and show it once."""
    actor = cast(User, request.user)
    feed = _known(actor, feed_id)
    made = services.rotate_feed(actor=actor, feed=feed)
    return _show(request, _Place(actor, feed.program, feed.portfolio), None, made=made)


@require_POST
def revoke(request: HttpRequest, feed_id: int) -> HttpResponse:
    """End a feed with the next fetch."""
    actor = cast(User, request.user)
    feed = services.revoke_feed(actor=actor, feed=_known(actor, feed_id))
    messages.success(request, "Revoked: the address is dead from now on.")
    return redirect(_Place(actor, feed.program, feed.portfolio).here)


def _page(request: HttpRequest, place: _Place) -> HttpResponse:
    if request.method != "POST":
        return _show(request, place, None)
    form = FeedForm(request.POST, kinds=_kinds(place))
    if not form.is_valid():
        return _show(request, place, form, status=422)
    try:
        made = services.make_feed(
            actor=place.actor,
            kind=form.kind_chosen(),
            label=form.cleaned_data["label"],
            program=place.program,
            portfolio=place.portfolio,
            key=form.cleaned_data["key"],
        )
    except Invalid as error:
        form.add_error(error.field or None, str(error))
        return _show(request, place, form, status=422)
    return _show(request, place, None, made=made)


def _kinds(place: _Place) -> list[FeedKind]:
    if place.program is not None:
        status = [FeedKind.STATUS] if may_share(place.actor, cast_of(place.program)) else []
        return [FeedKind.PROGRAM, *status]
    return [FeedKind.STATUS] if place.portfolio is not None else [FeedKind.MINE]


def _show(
    request: HttpRequest,
    place: _Place,
    form: FeedForm | None,
    *,
    made: services.Made | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, program = place.actor, place.program
    cast = cast_of(program) if program is not None else None
    manages = policies.may_invite(actor, cast) if cast is not None else None
    rows = selectors.feeds_of(actor, program, place.portfolio, everybody=bool(manages) or place.portfolio is not None)
    context: dict[str, Any] = {
        "program": program,
        "portfolio": place.portfolio,
        "tab": "reminders",
        "here": place.here,
        "form": form or FeedForm(kinds=_kinds(place)),
        "rows": [(row, KIND_WORDS[FeedKind(row.kind)], row.made_by_id == actor.pk) for row in rows],
        "made": made,
        "zone": actor.time_zone,
        "declines": program is None and place.portfolio is None and selectors.declines(actor),
    }
    if made is not None and made.token is not None:
        context["address"] = f"{settings.SITE_URL}{reverse('feed_file', args=[made.token])}"
    if program is not None and cast is not None:
        switch = selectors.switch_of(program)
        plan = plans_with([cast])[0] if manages else None
        context |= {
            "manages": manages,
            "may_time": policies.may_time(actor, cast),
            "invitations_on": switch is not None and switch.is_on,
            "foreseen": foresee_switch(plan, switch) if plan else None,
            "reviews": reviews_in(plan) if plan else reviews_of(program),
        }
    page = "calendars/program.html" if program is not None else "calendars/page.html"
    return render_page(request, page, context, status=status)


def _known(actor: User, feed_id: int) -> Feed:
    """A feed of something the actor may see; somebody else's own feed exists for nobody. Errors: Http404."""
    feed = Feed.objects.select_related("program", "portfolio", "made_by").filter(pk=feed_id).first()
    if feed is None:
        raise Http404("No such feed")
    if feed.program is not None and feed.made_by_id != actor.pk:
        get_program_for(actor, feed.program.slug)
    elif feed.made_by_id != actor.pk and not (feed.portfolio is not None and may_share_portfolio(actor)):
        raise Http404("No such feed")
    return feed
