"""What machines ask: is the process alive, is the installation ready. No sign-in, no names, no numbers of rows."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from reminders.selectors import health


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" as long as the process can answer at all."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and the engine's heart beats, else 503 with the reason (P23)."""
    try:
        problem = health(clock.now()).problem
    except DatabaseError:
        problem = "The database does not answer."
    return JsonResponse({"ready": not problem, "problem": problem}, status=503 if problem else 200)
