"""Answers for pages that htmx may ask a part of. Must not decide what a page shows.

One function chooses between the page and one of its named partials; nothing the client sends can name a template.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers


def wants_partial(request: HttpRequest) -> bool:
    """Say whether htmx asked for a part of a page (and not for history restoration, which needs the whole page)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page, or its partial named `partial` (equal to the DOM id) when htmx asks.

    The answer varies on `HX-Request`, else the Back button may show a bare fragment from the cache.
    """
    name = f"{template}#{partial}" if partial and wants_partial(request) else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def toast(response: HttpResponse, text: str, *, kind: str = "ok") -> HttpResponse:
    """Announce `text` in the page's one status region (header `HX-Trigger`, kept ASCII by JSON escapes)."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": text, "kind": kind}})
    return response


def go(request: HttpRequest, to: str) -> HttpResponse:
    """Send the browser to the page `to`: a redirect for a plain form, `HX-Redirect` for htmx."""
    if wants_partial(request):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = to
        return response
    return redirect(to)
