"""What a share link shows to whoever has it, without an account (security.md section 4, P15).

These views never look at who is signed in, set no session and render without the request, so that nothing of a
session can bleed into the page. Every refusal is the same answer.
"""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from gates.domain.canonical import digest
from status_pages.domain.public import public, without_keys
from status_pages.enums import Trigger
from status_pages.models import ShareLink
from status_pages.printing import status_pdf
from status_pages.selectors.links import newest_of_portfolio
from status_pages.selectors.live import live_text, read, version_of
from status_pages.selectors.snapshots import newest
from status_pages.services import opening
from status_pages.views.badge import badge_svg
from status_pages.views.sheet import sheet

SALT = "status_pages.visit"
VISIT_SECONDS = 12 * 3600
Visit = dict[str, Any]


@login_not_required
@require_safe
def share_open(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange a token for a short visit and lead to the page: the token leaves address bar, history and referrer."""
    link = opening.by_token(token, _address(request))
    if link is None:
        return _gone()
    return _visit(link, passed=not link.passcode)


@csrf_exempt  # nothing here acts for anybody: the form carries a secret, and a token of ours would need a session
@login_not_required
@sensitive_post_parameters("passcode")
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what the link shares; ask for its passcode first if it has one."""
    visit = _read_visit(request, public_id)
    link = opening.by_visit(public_id, int(visit.get("g", 0)), _address(request))
    if request.method == "POST":
        right = opening.passcode_opens(link, request.POST.get("passcode", ""), _address(request))
        return _visit(link, passed=True) if right and link is not None else _gone()
    if link is None:
        return _gone()
    if not visit.get("p"):
        return _guarded(HttpResponse(render_to_string("status_pages/passcode.html", {"link": link})))
    return _portfolio(request, link) if link.program is None else _program(request, link)


@login_not_required
@require_safe
def shared_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give what the link shares as one page of PDF."""
    visit = _read_visit(request, public_id)
    link = opening.by_visit(public_id, int(visit.get("g", 0)), _address(request))
    text = _text(link) if link is not None and visit.get("p") else ""
    if link is None or not text:
        return _gone()
    opening.note_view(link=link, shown="", agent=request.headers.get("User-Agent", ""))
    document = public(read(text), names=link.names)
    response = HttpResponse(status_pdf(document, sha256=digest(text)), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="status.pdf"'
    return _guarded(response)


@login_not_required
@require_safe
def share_badge(request: HttpRequest, token: str) -> HttpResponse:
    """Give the published status as a small picture for intranet pages; a link with a passcode has none."""
    document = _published(token, request)
    if document is None:
        return _gone()
    return _guarded(HttpResponse(badge_svg(document), content_type="image/svg+xml"))


@login_not_required
@require_safe
def share_json(request: HttpRequest, token: str) -> HttpResponse:
    """Give the published status as JSON, by the same rules."""
    document = _published(token, request)
    if document is None:
        return _gone()
    text = json.dumps(without_keys(document), ensure_ascii=False)
    return _guarded(HttpResponse(text, content_type="application/json"))


def _program(request: HttpRequest, link: ShareLink) -> HttpResponse:
    program = link.program
    assert program is not None  # noqa: S101 - the caller has looked; this tells the type checker
    version = f"{link.generation}.{version_of(program)}" if link.live else f"{link.generation}.{_newest_id(link)}"
    if request.headers.get("HX-Request") == "true" and request.GET.get("v") == version:
        return _guarded(HttpResponse(status=204))
    text = _text(link)
    if not text:
        return _guarded(HttpResponse(render_to_string("status_pages/nothing.html", {"link": link})))
    if request.method == "GET":
        link = opening.note_view(link=link, shown=text, agent=request.headers.get("User-Agent", ""))
    before = public(read(link.before), names=link.names) if link.before else None
    context = {
        **sheet(public(read(text), names=link.names), before=before, proof=""),
        "seen_at": link.before_at,
        "version": version,
        "live": True,
        "link": link,
        "here": reverse("shared", args=[link.public_id]),
    }
    part = "#sheet" if request.headers.get("HX-Request") == "true" else ""
    return _guarded(HttpResponse(render_to_string(f"status_pages/shared.html{part}", context)))


def _portfolio(request: HttpRequest, link: ShareLink) -> HttpResponse:
    assert link.portfolio is not None  # noqa: S101 - a link is of one thing; this tells the type checker
    rows = newest_of_portfolio(link.portfolio, published=not link.live)
    documents = [public(read(row.document), names=link.names) for row in rows]
    if request.method == "GET":
        opening.note_view(link=link, shown="", agent=request.headers.get("User-Agent", ""))
    order = {"red": 0, "amber": 1, "grey": 2, "green": 3}
    documents.sort(key=lambda doc: (order[doc["status"]["colour"]], doc["program"]["name"]))
    context = {"link": link, "name": link.portfolio.name, "documents": documents}
    return _guarded(HttpResponse(render_to_string("status_pages/shared_portfolio.html", context)))


def _text(link: ShareLink) -> str:
    """The document a link shows: live, or as last published; empty before anything was published."""
    if link.program is None:
        return ""
    if link.live:
        return live_text(link.program, version_of(link.program))
    kept = newest(link.program, Trigger.UPDATE)
    return kept.document if kept else ""


def _newest_id(link: ShareLink) -> int:
    kept = newest(link.program, Trigger.UPDATE) if link.program else None
    return kept.pk if kept else 0


def _published(token: str, request: HttpRequest) -> dict[str, Any] | None:
    link = opening.by_token(token, _address(request))
    if link is None or link.program is None or link.passcode:
        return None
    kept = newest(link.program, Trigger.UPDATE)
    if kept is None:
        return None
    opening.note_view(link=link, shown="", agent=request.headers.get("User-Agent", ""))
    return public(read(kept.document), names=link.names)


def _visit(link: ShareLink, *, passed: bool) -> HttpResponse:
    """Lead to the page with a cookie bound to the link and its generation; it says nothing else."""
    response = HttpResponseRedirect(reverse("shared", args=[link.public_id]))
    response.status_code = 303
    value = signing.dumps({"i": link.public_id, "g": link.generation, "p": passed}, salt=SALT)
    response.set_cookie(
        _cookie(link.public_id),
        value,
        max_age=VISIT_SECONDS,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return _guarded(response)


def _read_visit(request: HttpRequest, public_id: str) -> Visit:
    try:
        visit = signing.loads(request.COOKIES.get(_cookie(public_id), ""), salt=SALT, max_age=VISIT_SECONDS)
    except signing.BadSignature:
        return {}
    return visit if isinstance(visit, dict) and visit.get("i") == public_id else {}


def _cookie(public_id: str) -> str:
    return f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}status-{public_id}"


def _address(request: HttpRequest) -> str:
    """The visitor's address as far as the proxy in front can be believed; only counted, never kept."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _gone() -> HttpResponse:
    """The one answer to unknown, expired, revoked, renewed, and wrong: the same body, the same headers."""
    return _guarded(HttpResponse(render_to_string("status_pages/gone.html"), status=404))


def _guarded(response: HttpResponse) -> HttpResponse:
    """Keep what is shared out of referrers, search engines and caches."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
