"""Invitations: a program's switch, a person's wish, hour and place of one review."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from calendars import policies
from calendars.forms import TimeForm
from calendars.models import ReviewTime
from calendars.selectors.meetings import time_of
from calendars.services import choosing
from core.errors import Conflict, Invalid
from core.htmx import render_page
from phases.models import Event
from programs.models import Program
from programs.selectors import cast_of, get_program_for


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Decline invitations, or welcome them again."""
    declines = request.POST.get("declines") == "1"
    choosing.choose_invitations(actor=cast(User, request.user), declines=declines)
    messages.success(request, "You get no invitations." if declines else "Invitations are welcome.")
    return redirect("my_calendars")


@require_POST
def switch(request: HttpRequest, program_slug: str) -> HttpResponse:
    """Let a program send invitations, or no more."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    on = request.POST.get("on") == "1"
    choosing.switch_invitations(actor=actor, program=program, on=on)
    messages.success(
        request, "Invitations are on their way." if on else "No more invitations; those ahead are taken back."
    )
    return redirect("program_calendars", program.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def review_time(request: HttpRequest, program_slug: str, slug: str) -> HttpResponse:
    """Show and set when and where a gate or checkpoint is held."""
    actor = cast(User, request.user)
    program = get_program_for(actor, program_slug)
    policies.may_time(actor, cast_of(program)).require()
    event = _event(program, slug)
    row = time_of(event)
    if request.method != "POST":
        return _show(request, program, event, TimeForm(initial=_initial(row)))
    form = TimeForm(request.POST)
    if form.is_valid():
        try:
            choosing.set_time(actor=actor, event=event, wanted=form.wanted(), version=form.cleaned_data["version"])
        except Invalid as error:
            form.add_error(error.field or None, str(error))
        except Conflict as error:
            card = {"message": str(error), "current": error.current, "mine": choosing.in_words(form.wanted())}
            # What was typed stays; pressing again sets it over what is there now.
            now = _initial(time_of(event))
            typed = TimeForm(initial={**form.cleaned_data, "version": now["version"]})
            return _show(request, program, event, typed, status=409, conflict=card)
        else:
            messages.success(request, f"{event.name} has its time.")
            return redirect("program_calendars", program.slug)
    return _show(request, program, event, form, status=422)


def _event(program: Program, slug: str) -> Event:
    event = Event.objects.filter(program=program, slug=slug).first()
    if event is None:
        raise Http404("No such gate")
    event.program = program
    return event


def _initial(row: ReviewTime | None) -> dict[str, object]:
    if row is None:
        return {"version": 0}
    return {"version": row.version, "starts": row.starts, "minutes": row.minutes, "place": row.place}


def _show(
    request: HttpRequest,
    program: Program,
    event: Event,
    form: TimeForm,
    *,
    status: int = 200,
    conflict: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "program": program,
        "tab": "reminders",
        "event": event,
        "form": form,
        "here": reverse("review_time", args=[program.slug, event.slug]),
        "conflict": conflict,
    }
    return render_page(request, "calendars/time.html", context, status=status)
