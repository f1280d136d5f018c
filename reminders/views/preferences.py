"""What reaches me, and when: a person's own page about their reminders, with a preview before it is saved (rule 8)."""

from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.selectors import coming_absences
from core import clock
from core.errors import Conflict, Invalid
from core.htmx import go, render_page
from reminders.forms_preferences import PreferencesForm, values_of
from reminders.selectors.preferences import as_value, fixed, stand_ins, wish_of
from reminders.services.preferences import change_preferences, in_words
from reminders.views.own_preview import Asked, draw_preview, flat


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show what the signed-in person can make fewer and what always comes; a press saves.

    `step` says which button was pressed: `preview` (saves nothing), `edit` (back to the fields); anything else saves.
    """
    user = cast(User, request.user)
    if request.method != "POST":
        return _draw(request, user, PreferencesForm(initial=values_of(wish_of(user))))
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _draw(request, user, form, status=422)
    step, wanted = request.POST.get("step", ""), form.wanted()
    if step == "edit":
        return _draw(request, user, form)
    if step == "preview":
        return _preview(request, user, form)
    try:
        change_preferences(actor=user, user=user, wanted=wanted, version=form.cleaned_data["version"])
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _draw(request, user, form, status=422)
    except Conflict as error:
        card = {"message": str(error), "current": error.current, "mine": in_words(wanted)}
        # What was typed stays; pressing again sets it over what is there now.
        typed = {name: form.cleaned_data[name] for name in form.fields} | {"version": wish_of(user).version}
        return _draw(request, user, PreferencesForm(initial=typed), status=409, conflict=card)
    messages.success(request, "Saved. What waits for you is planned anew with the next pass.")
    return go(request, reverse("reminder_preferences"))


def _preview(request: HttpRequest, user: User, form: PreferencesForm) -> HttpResponse:
    wanted, here = form.wanted(), request.path
    asked = Asked(
        title="Fewer reminders",
        before=in_words(as_value(wish_of(user))),
        after=in_words(wanted),
        change=lambda person: replace(person, preferences=wanted),
        kept=flat(form.cleaned_data.items()),
        save=here,
        edit=here,
        leave=here,
    )
    return draw_preview(request, asked)


def _draw(request: HttpRequest, user: User, form: PreferencesForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "fixed": fixed(),
        "stand_ins": stand_ins(user),
        "absences": coming_absences(user, clock.today(user.time_zone)),
        "here": request.path,
        **more,
    }
    return render_page(request, "reminders/preferences.html", context, status=status)
