"""The address to which monitoring systems send readings. No session, no cookie, no page: a key and a JSON document.

Answers: 200 stored (the same again too), 401 no living key, 403 a key of another program or one that takes no readings
now, 413 too much at once, 422 with every fault by reading and field. Nothing of a refused batch is stored.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from metrics import policies, services
from metrics.domain import jsonbatch
from metrics.enums import ReadingSource
from metrics.models import ApiToken
from programs.selectors import cast_of

SCHEME = "Bearer "


@csrf_exempt  # a key in a header is never sent by a browser on its own
@login_not_required
@never_cache
@require_POST
def readings(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Store a batch of up to 10,000 readings; sending it again changes nothing."""
    token = _token(request)
    if token is None:
        refused = _refuse(401, "Send a living key: Authorization: Bearer …")
        refused["WWW-Authenticate"] = 'Bearer realm="readings"'
        return refused
    if token.program.slug != program_slug:
        return _refuse(403, "This key belongs to another program.")
    alive = policies.is_alive(cast_of(token.program))
    if not alive:
        return _refuse(403, alive.reason)
    try:
        rows, faults = jsonbatch.read(request.body, now=clock.now())
        if faults:
            raise services.Faulty(faults)
        stored = services.ingest(program=token.program, rows=rows, source=ReadingSource.API, token=token)
    except (RequestDataTooBig, jsonbatch.TooMany) as error:
        limit = f"At most {jsonbatch.MOST_READINGS:,} readings and 2 MB at a time"
        return _refuse(413, str(error) if isinstance(error, jsonbatch.TooMany) else limit)
    except services.Faulty as error:
        listed = [{"reading": f.row, "field": f.column, "message": f.message} for f in error.faults]
        return _refuse(422, str(error), faults=listed)
    except ValueError as error:
        return _refuse(422, str(error))
    services.used(token)
    return JsonResponse({"stored": stored.saved, "unchanged": stored.unchanged})


def _token(request: HttpRequest) -> ApiToken | None:
    given = request.headers.get("Authorization", "")
    return services.authenticate(given[len(SCHEME) :].strip()) if given.startswith(SCHEME) else None


def _refuse(status: int, message: str, **more: Any) -> JsonResponse:
    return JsonResponse({"error": message, **more}, status=status)
