"""Turns what services refuse into answers people can read, and keeps htmx from swapping a sign-in page into a row.

Must not know any domain noun.
"""

import uuid
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from core.context import request_id
from core.errors import Conflict, Invalid, NotAllowed
from core.htmx import wants_partial

Handler = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request an id, so that every activity entry of one request can be found together."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:16])
        try:
            return self.get_response(request)
        finally:
            request_id.reset(token)


class ServiceErrorMiddleware:
    """Answer 403, 409 and 422 with the reasons when a service refused and the view did not catch it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the error page for a service's refusal; None lets Django handle everything else."""
        match exception:
            case NotAllowed():
                return render(request, "403.html", {"reasons": exception.reasons}, status=403)
            case Conflict():
                context = {"message": str(exception), "current": exception.current, "again": _page_before(request)}
                return render(request, "409.html", context, status=409)
            case Invalid():
                return render(request, "422.html", {"message": str(exception)}, status=422)
        return None


def _page_before(request: HttpRequest) -> str:
    """Return the page of ours that sent the form, so that it can be looked at again."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
    return page if ours else "/"


class HtmxLoginMiddleware:
    """Answer a request whose session ended: htmx gets `HX-Redirect`, and the way back is a page one can open.

    Django would lead back to the address that was asked for; after a sign-in that is a GET, which a partial or the
    target of a form does not answer. The page the person looked at is the place to go back to.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.get("Location", "")
        login = str(settings.LOGIN_URL)
        if response.status_code != 302 or not location.startswith(f"{login}?"):
            return response
        page = _page_of(request)
        if page:
            location = f"{login}?{urlencode({'next': page}, safe='/')}"
        if not wants_partial(request):
            response["Location"] = location
            return response
        messages.info(request, "Your session has ended. Sign in to go on.")
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = location
        return answer


def _page_of(request: HttpRequest) -> str:
    """Return the page from which htmx or a form asked; empty when the request was for a page itself."""
    if request.method in {"GET", "HEAD"} and not wants_partial(request):
        return ""
    seen = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if seen.netloc == request.get_host() and seen.path.startswith("/"):
        return f"{seen.path}?{seen.query}" if seen.query else seen.path
    return "" if request.method in {"GET", "HEAD"} else "/"
