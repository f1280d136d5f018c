"""Turns what services refuse into answers people can read, and keeps htmx from swapping a sign-in page into a row.

Must not know any domain noun.
"""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
                context = {"message": str(exception), "current": exception.current}
                return render(request, "409.html", context, status=409)
            case Invalid():
                return render(request, "422.html", {"message": str(exception)}, status=422)
        return None


class HtmxLoginMiddleware:
    """Answer an htmx request whose session ended with `HX-Redirect`, and keep messages for the next page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.get("Location", "")
        login = str(settings.LOGIN_URL)
        if not (wants_partial(request) and response.status_code == 302 and location.startswith(login)):
            return response
        messages.info(request, "Your session has ended. Sign in to go on.")
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = location
        return answer
