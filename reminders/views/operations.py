"""Operations: is the engine healthy, did every mail go out, and the few levers there are. Administrators only."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core import clock
from core.htmx import go, render_page
from reminders import policies
from reminders.selectors import delivery_report, health
from reminders.selectors.health import failures, faulty_plans, held, stuck
from reminders.services.operating import discard_held, release_held, set_paused


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """Show the engine's state, what is due, and what went wrong."""
    policies.may_operate(cast(User, request.user)).require()
    now = clock.now()
    context = {
        "health": health(now),
        "report": delivery_report(now),
        "failures": failures(),
        "stuck": stuck(now),
        "held": held(),
        "faulty": faulty_plans(),
    }
    return render_page(request, "reminders/operations.html", context)


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Pause the engine."""
    set_paused(actor=cast(User, request.user), paused=True)
    messages.warning(request, "The engine is paused: nothing is planned or sent until it runs again.")
    return go(request, "/operations/")


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Let the engine run again."""
    set_paused(actor=cast(User, request.user), paused=False)
    messages.success(request, "The engine runs again.")
    return go(request, "/operations/")


@require_POST
def release(request: HttpRequest, program_id: int) -> HttpResponse:
    """Let held reminders go."""
    number = release_held(actor=cast(User, request.user), program_id=program_id)
    messages.success(request, f"{number} held reminders released; they go out with the next passes.")
    return go(request, "/operations/")


@require_POST
def discard(request: HttpRequest, program_id: int) -> HttpResponse:
    """Close held reminders for good."""
    number = discard_held(actor=cast(User, request.user), program_id=program_id)
    messages.success(request, f"{number} held reminders discarded; the ledger keeps them.")
    return go(request, "/operations/")
