"""What machines ask: is the process alive, is the installation ready. No sign-in, no names, no numbers of rows."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.patience import patience
from reminders.selectors.disk import disk
from reminders.selectors.health import engine_state, problem
from reminders.selectors.schema import is_migrated

PATIENCE_SECONDS = 3
"""For each question to the database; the container's own health check waits five seconds for the whole answer."""


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
    """Answer 200 when database, disk and engine are well, else 503 with the reason (P23).

    What it says is meant for everybody: no addresses, no text of errors.
    """
    try:
        with patience(PATIENCE_SECONDS):
            wrong = _wrong()
    except Error:  # not only DatabaseError: a connection that broke is an InterfaceError
        wrong = "The database does not answer."
    return JsonResponse({"ready": not wrong, "problem": wrong}, status=503 if wrong else 200)


def _wrong() -> str:
    if not is_migrated():
        return "The database is older than this release: migrations are pending."
    return disk().problem or problem(engine_state(), clock.now())
