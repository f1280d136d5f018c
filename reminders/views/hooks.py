"""Where the mail provider reports what became of mails. No session, no page: a secret, a signature, a JSON document.

Answers: 200 kept (the same again too), 401 no or a wrong secret, 403 a wrong signature, 404 no such hook here, 413 too
much at once, 422 not a report. The secret is compared in constant time before anything of the body is looked at.
"""

import binascii
from base64 import b64decode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from reminders.providers import Unreadable, read_report
from reminders.services.reach import judge, take

BODY_MOST = 512 * 1024
"""Bytes of one report; providers send batches of some hundred events."""


@csrf_exempt  # a secret in a header is never sent by a browser on its own
@login_not_required
@never_cache
@require_POST
def mail_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep a provider's report and judge it; what cannot be judged now waits for the next tick."""
    if not settings.MAIL_WEBHOOK_SECRET or provider != settings.MAIL_WEBHOOK_PROVIDER:
        raise Http404("No such hook")
    if not constant_time_compare(_basic_auth(request), settings.MAIL_WEBHOOK_SECRET):
        refused = _answer(401, "The secret is missing or wrong.")
        refused["WWW-Authenticate"] = 'Basic realm="mail hook"'
        return refused
    now = clock.now()
    try:
        if int(request.headers.get("Content-Length") or 0) > BODY_MOST or len(request.body) > BODY_MOST:
            return _answer(413, "A report has at most 512 kB.")
        events = read_report(provider, request, now)
    except RequestDataTooBig:
        return _answer(413, "A report has at most 512 kB.")
    except Unreadable as error:
        return _answer(403, "The signature is wrong.") if error.forged else _answer(422, "This is no report.")
    kept = take(events)
    judge(now)
    return _answer(200, f"{kept} kept.")


def _basic_auth(request: HttpRequest) -> str:
    """The `user:password` a provider sent, empty when it sent none that can be read."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(given.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
