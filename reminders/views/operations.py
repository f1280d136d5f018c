"""Operations: is the engine healthy, did every mail go out, and the few levers there are. Administrators only."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core import clock
from core.htmx import go, render_page
from core.version import VERSION
from reminders import policies
from reminders.selectors import operations as shown
from reminders.selectors.disk import disk
from reminders.selectors.health import engine_state, open_circuit_until, problem
from reminders.services import operating, watchman

PAGE = "/operations/"
LATE = timedelta(minutes=1)
"""What has been due for less is only due."""


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """Show the engine's state, what is due, who works, and what went wrong; htmx asks for the part that changes."""
    policies.may_operate(cast(User, request.user)).require()
    now, state = clock.now(), engine_state()
    rows, mails = shown.queue(shown.waiting_rows(), now), shown.queue(shown.waiting_mails(), now)
    troubled, ended = shown.troubled(now), shown.ended(now)
    opened = request.GET.get("open", "")
    oldest = min((at for at in (rows.oldest, mails.oldest) if at), default=None)
    context = {
        "now": now,
        "engine": state,
        "pause": shown.pause_of(state),
        "problem": problem(state, now),
        "circuit_until": open_circuit_until(state, now),
        "disk": disk(),
        "rows": rows,
        "mails": mails,
        "others": shown.other_queues(now),
        "oldest": oldest,
        "is_late": oldest is not None and now - oldest >= LATE,
        "troubled": troubled,
        "stuck": sum(mail.stuck for mail in troubled),
        "refusals": shown.refusals(opened),
        "opened": opened,
        "held": shown.held(),
        "faulty": shown.faulty_plans(),
        "ended": ended,
        "days": shown.DAYS,
        "processes": shown.processes(now),
        "version": VERSION,
    }
    return render_page(request, "reminders/operations.html", context, partial="operations-now")


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Pause the engine."""
    operating.set_paused(actor=cast(User, request.user), paused=True)
    messages.warning(request, "Paused. Administrators and program managers read so on every page within half a minute.")
    return _back(request)


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Let the engine run again."""
    operating.set_paused(actor=cast(User, request.user), paused=False)
    messages.success(request, "The engine runs again. The line on other pages goes away within half a minute.")
    return _back(request)


@require_POST
def release(request: HttpRequest, program_id: int | None = None) -> HttpResponse:
    """Let held reminders go, of one program or of all."""
    number = operating.release_held(actor=cast(User, request.user), program_id=program_id)
    messages.success(request, f"{_counted(number, 'held reminder')} released; they go out with the next passes.")
    return _back(request)


@require_POST
def discard(request: HttpRequest, program_id: int | None = None) -> HttpResponse:
    """Close held reminders for good, of one program or of all."""
    number = operating.discard_held(actor=cast(User, request.user), program_id=program_id)
    messages.success(request, f"{_counted(number, 'held reminder')} discarded; the ledger keeps them.")
    return _back(request)


@require_POST
def retry_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Queue one refused mail again."""
    return _retried(request, operating.retry_mail(actor=cast(User, request.user), mail_id=mail_id))


@require_POST
def retry_alike(request: HttpRequest, key: str) -> HttpResponse:
    """Queue a group of refused mails again."""
    return _retried(request, operating.retry_alike(actor=cast(User, request.user), key=key))


@require_POST
def give_up_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Stop trying one mail, or put a refused one away."""
    return _given_up(request, operating.give_up_mail(actor=cast(User, request.user), mail_id=mail_id))


@require_POST
def give_up_alike(request: HttpRequest, key: str) -> HttpResponse:
    """Put a group of refused mails away."""
    return _given_up(request, operating.give_up_alike(actor=cast(User, request.user), key=key))


def _back(request: HttpRequest) -> HttpResponse:
    """Lead back after an act that changes what every page says; this process says the new at once."""
    watchman.refresh()
    return go(request, PAGE)


def _retried(request: HttpRequest, number: int) -> HttpResponse:
    if number:
        messages.success(
            request,
            f"{_counted(number, 'mail')} queued again. What makes no sense any more in them is closed instead of sent.",
        )
    else:
        messages.info(request, "Nothing was queued: it was dealt with already.")
    return go(request, PAGE)


def _given_up(request: HttpRequest, number: int) -> HttpResponse:
    if number:
        messages.success(request, f"{_counted(number, 'mail')} given up; the ledger keeps the reminders as refused.")
    else:
        messages.info(request, "Nothing was given up: it was dealt with already.")
    return go(request, PAGE)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
