"""The preview of what somebody changes on their profile: hour, zone and days away, before it is saved (rule 8)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.domain.absences import written
from accounts.forms import AbsenceForm, ProfileForm
from accounts.models import User
from accounts.selectors import coming_absences, fault_of_absence
from accounts.views.profile import profile_page
from core import clock
from reminders.views.own_preview import DAYS, Asked, draw_preview, flat

DAYS_BACK = 7
"""Days after an absence that are looked at: what waited comes then."""
FURTHEST = 92
"""Days looked ahead at most, a program's length; an absence beyond is told when it comes nearer."""


@require_POST
def preview_profile(request: HttpRequest) -> HttpResponse:
    """Show what another hour or zone does to one's mails; `step=edit` goes back to the fields. Nothing is saved."""
    user = cast(User, request.user)
    form = ProfileForm(request.POST, user=user)
    if not form.is_valid() or request.POST.get("step") == "edit":
        return profile_page(request, form, AbsenceForm())
    zone, hour = form.cleaned_data["time_zone"], form.cleaned_data["reminder_hour"]
    asked = Asked(
        title="When reminders arrive",
        before=_hour(user.name, user.reminder_hour, user.time_zone),
        after=_hour(form.cleaned_data["name"], hour, zone),
        change=lambda person: replace(person, hour=hour, zone=zone),
        kept=flat(form.cleaned_data.items()),
        save=reverse("profile"),
        edit=request.path,
        leave=reverse("profile"),
    )
    return draw_preview(request, asked)


@require_POST
def preview_absence(request: HttpRequest) -> HttpResponse:
    """Show who gets one's mails on days away; `step=edit` goes back to the fields. Nothing is saved."""
    user = cast(User, request.user)
    form = AbsenceForm(request.POST)
    if form.is_valid() and (found := fault_of_absence(user, form.cleaned_data["start"], form.cleaned_data["end"])):
        form.add_error(*found)
    if not form.is_valid() or request.POST.get("step") == "edit":
        return profile_page(request, ProfileForm(user=user), form)
    days = form.cleaned_data["start"], form.cleaned_data["end"]
    noted = [(absence.start, absence.end) for absence in coming_absences(user, clock.today(user.time_zone))]
    asked = Asked(
        title="Days away",
        before=_away(noted),
        after=_away(sorted([*noted, days])),
        change=lambda person: replace(person, absences=(*person.absences, days)),
        kept=flat((name, day.isoformat()) for name, day in form.cleaned_data.items()),
        save=reverse("add_absence"),
        edit=request.path,
        leave=reverse("profile"),
    )
    ahead = (days[1] - clock.today(user.time_zone)).days + DAYS_BACK
    return draw_preview(request, asked, days=min(max(DAYS, ahead), FURTHEST), others=True)


def _hour(name: str, hour: int, zone: str) -> str:
    return f"{name}: {hour:02d}:00, {zone}"


def _away(spans: Iterable[tuple[dt.date, dt.date]]) -> str:
    words = [written(start) if start == end else f"{written(start)} to {written(end)}" for start, end in spans]
    return ", ".join(words) or "no days away"
