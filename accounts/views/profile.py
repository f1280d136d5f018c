"""One's own profile: name, time zone, reminder hour, absences, sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import AbsenceForm, ProfileForm
from accounts.selectors import coming_absences
from accounts.views._shared import me, posted, put_error
from core import clock
from core.errors import Invalid
from core.htmx import go, render_page


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show the profile; a press saves name, zone and hour."""
    user = me(request)
    form = ProfileForm(posted(request), user=user)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_profile(actor=user, user=user, **form.cleaned_data)
        except Invalid as error:
            put_error(form, error)
        else:
            messages.success(request, "Your profile is saved.")
            return go(request, reverse("profile"))
    return profile_page(request, form, AbsenceForm())


@require_POST
def add_absence(request: HttpRequest) -> HttpResponse:
    """Note days away."""
    user = me(request)
    form = AbsenceForm(request.POST)
    if form.is_valid():
        try:
            services.add_absence(actor=user, user=user, **form.cleaned_data)
        except Invalid as error:
            put_error(form, error)
        else:
            messages.success(request, "Your absence is noted. Your deputies get your reminders on those days.")
            return go(request, reverse("profile"))
    return profile_page(request, ProfileForm(user=user), form)


@require_POST
def remove_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Forget days away; only one's own."""
    absence = get_object_or_404(me(request).absences, pk=absence_id)
    services.remove_absence(actor=me(request), absence=absence)
    messages.success(request, "The absence is removed.")
    return go(request, reverse("profile"))


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user = services.end_sessions(actor=me(request), user=me(request))
    update_session_auth_hash(request, user)
    messages.success(request, "You are signed out on every other device.")
    return go(request, reverse("profile"))


def profile_page(request: HttpRequest, form: ProfileForm, absence_form: AbsenceForm) -> HttpResponse:
    """The profile with these forms, 422 when something in them is wrong; the preview of a change comes back to it."""
    user = me(request)
    context = {
        "form": form,
        "absence_form": absence_form,
        "absences": coming_absences(user, clock.today(user.time_zone)),
    }
    status = 422 if form.errors or absence_form.errors else 200
    return render_page(request, "accounts/profile.html", context, status=status)
