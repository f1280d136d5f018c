"""The yardstick: the least a Django page of 20 kB can cost here. No database, no session, no template.

Serves as settings, address list and WSGI entry of its own small site.
"""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

SECRET_KEY = "only-for-a-page-without-secrets"  # noqa: S105  (nothing is signed with it)
ROOT_URLCONF = "bench.bare"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
USE_TZ = True

BODY = ("<!doctype html><title>bare</title><p>" + "roadmap " * 2560)[:20_480].encode()


def page(request: HttpRequest) -> HttpResponse:
    """Answer the same 20 kB always."""
    return HttpResponse(BODY)


urlpatterns = [path("", page)]


def application(environ: dict[str, Any], start_response: Any) -> object:
    """The WSGI entry; Django is set up at the first request."""
    global _application
    if _application is None:
        _application = get_wsgi_application()
    return _application(environ, start_response)


_application: WSGIHandler | None = None
