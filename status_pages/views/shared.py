"""What a share link shows to whoever has it, without an account (security.md section 4, P15).

These views never look at who is signed in, set no session and render without the request, so that nothing of a
session can bleed into the page. Every refusal is the same answer.
"""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from status_pages.domain.public import public, without_keys
from status_pages.enums import Trigger
from status_pages.models import ShareLink
from status_pages.selectors.live import read, version_of
from status_pages.selectors.portfolio import gather, version_of_portfolio
from status_pages.selectors.snapshots import newest
from status_pages.services import opening
from status_pages.views.badge import badge_svg
from status_pages.views.shared_files import document_of, portfolio_file, program_file, text_of
from status_pages.views.sheet import OPENED, sheet, since_last
from status_pages.views.visiting import address_of, gone, guarded, read_visit, start_visit


@login_not_required
@require_safe
def share_open(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange a token for a short visit and lead to the page: the token leaves address bar, history and referrer."""
    link = opening.by_token(token, address_of(request))
    if link is None:
        return gone()
    return start_visit(link, passed=not link.passcode)


@csrf_exempt  # nothing here acts for anybody: the form carries a secret, and a token of ours would need a session
@login_not_required
@sensitive_post_parameters("passcode")
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what the link shares; ask for its passcode first if it has one."""
    visit = read_visit(request, public_id)
    link = opening.by_visit(public_id, int(visit.get("g", 0)), address_of(request))
    if request.method == "POST":
        right = opening.passcode_opens(link, request.POST.get("passcode", ""), address_of(request))
        return start_visit(link, passed=True) if right and link is not None else gone()
    if link is None:
        return gone()
    if not visit.get("p"):
        return guarded(HttpResponse(render_to_string("status_pages/passcode.html", {"link": link})))
    return _portfolio(request, link) if link.program is None else _program(request, link)


@login_not_required
@require_safe
def shared_file(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """Give what the link shares as a file: one page of PDF always, slides and workbook where the link allows them."""
    visit = read_visit(request, public_id)
    link = opening.by_visit(public_id, int(visit.get("g", 0)), address_of(request))
    if link is None or not visit.get("p") or (kind != "pdf" and not link.files):
        return gone()
    made = portfolio_file(link, kind) if link.program is None else program_file(link, kind)
    if made is None:
        return gone()
    opening.note_view(link=link, shown="", agent=request.headers.get("User-Agent", ""))
    return guarded(made)


@login_not_required
@require_safe
def share_badge(request: HttpRequest, token: str) -> HttpResponse:
    """Give the published status as a small picture for intranet pages; a link with a passcode has none."""
    document = _published(token, request)
    if document is None:
        return gone()
    return guarded(HttpResponse(badge_svg(document), content_type="image/svg+xml"))


@login_not_required
@require_safe
def share_json(request: HttpRequest, token: str) -> HttpResponse:
    """Give the published status as JSON, by the same rules."""
    document = _published(token, request)
    if document is None:
        return gone()
    text = json.dumps(without_keys(document), ensure_ascii=False)
    return guarded(HttpResponse(text, content_type="application/json"))


def _program(request: HttpRequest, link: ShareLink) -> HttpResponse:
    program = link.program
    assert program is not None  # noqa: S101 - the caller has looked; this tells the type checker
    version = f"{link.generation}.{version_of(program)}" if link.live else f"{link.generation}.{_newest_id(link)}"
    if request.headers.get("HX-Request") == "true" and request.GET.get("v") == version:
        return guarded(HttpResponse(status=204))
    text = text_of(link)
    if not text:
        return guarded(HttpResponse(render_to_string("status_pages/nothing.html", {"link": link})))
    if request.method == "GET":
        link = opening.note_view(link=link, shown=text, agent=request.headers.get("User-Agent", ""))
    before, since = since_last(link, program, live=link.live, words=OPENED)
    before = public(before, names=link.names) if before is not None else None
    context = {
        **sheet(public(read(text), names=link.names), before=before, proof=""),
        **since,
        "version": version,
        "live": True,
        "link": link,
        "here": reverse("shared", args=[link.public_id]),
    }
    part = "#sheet" if request.headers.get("HX-Request") == "true" else ""
    return guarded(HttpResponse(render_to_string(f"status_pages/shared.html{part}", context)))


def _portfolio(request: HttpRequest, link: ShareLink) -> HttpResponse:
    portfolio = link.portfolio
    assert portfolio is not None  # noqa: S101 - a link is of one thing; this tells the type checker
    version = f"{link.generation}.{version_of_portfolio(portfolio, live=link.live)}"
    if request.headers.get("HX-Request") == "true" and request.GET.get("v") == version:
        return guarded(HttpResponse(status=204))
    asked = request.GET.get("page", "")
    found = gather(portfolio, live=link.live, names=link.names, page=int(asked) if asked.isdecimal() else 1)
    if request.method == "GET":
        opening.note_view(link=link, shown="", agent=request.headers.get("User-Agent", ""))
    context = {
        "link": link,
        "doc": document_of(portfolio, found),
        "found": found,
        "version": version,
        "here": reverse("shared", args=[link.public_id]),
    }
    part = "#sheet" if request.headers.get("HX-Request") == "true" else ""
    return guarded(HttpResponse(render_to_string(f"status_pages/shared_portfolio.html{part}", context)))


def _newest_id(link: ShareLink) -> int:
    kept = newest(link.program, Trigger.UPDATE) if link.program else None
    return kept.pk if kept else 0


def _published(token: str, request: HttpRequest) -> dict[str, Any] | None:
    link = opening.by_token(token, address_of(request))
    if link is None or link.program is None or link.passcode:
        return None
    kept = newest(link.program, Trigger.UPDATE)
    if kept is None:
        return None
    opening.note_view(link=link, shown="", agent=request.headers.get("User-Agent", ""))
    return public(read(kept.document), names=link.names)
