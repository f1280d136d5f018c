"""How somebody without an account comes in and is turned away: the visit's cookie, the headers, the one refusal.

Never looks at who is signed in and sets no session (security.md section 4).
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse

from status_pages.models import ShareLink

SALT = "status_pages.visit"
VISIT_SECONDS = 12 * 3600
Visit = dict[str, Any]


def start_visit(link: ShareLink, *, passed: bool) -> HttpResponse:
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
    return guarded(response)


def read_visit(request: HttpRequest, public_id: str) -> Visit:
    try:
        visit = signing.loads(request.COOKIES.get(_cookie(public_id), ""), salt=SALT, max_age=VISIT_SECONDS)
    except signing.BadSignature:
        return {}
    return visit if isinstance(visit, dict) and visit.get("i") == public_id else {}


def _cookie(public_id: str) -> str:
    return f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}status-{public_id}"


def address_of(request: HttpRequest) -> str:
    """The visitor's address as far as the proxy in front can be believed; only counted, never kept."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))


def gone() -> HttpResponse:
    """The one answer to unknown, expired, revoked, renewed, and wrong: the same body, the same headers."""
    return guarded(HttpResponse(render_to_string("status_pages/gone.html"), status=404))


def guarded(response: HttpResponse) -> HttpResponse:
    """Keep what is shared out of referrers, search engines and caches."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
