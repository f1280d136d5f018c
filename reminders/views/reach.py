"""When no mail reaches somebody: what they do about it themselves, and what an administrator does."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.errors import Invalid
from core.htmx import go, render_page
from reminders import policies
from reminders.selectors.reach import open_suppression
from reminders.services import reach


@require_safe
def my_mail(request: HttpRequest) -> HttpResponse:
    """Say why mails to the signed-in person come back, and offer the two ways out."""
    return render_page(request, "reminders/my_mail.html", {"open": open_suppression(cast(User, request.user))})


@require_POST
def try_again(request: HttpRequest) -> HttpResponse:
    """Send mail to oneself again."""
    try:
        reach.try_again(actor=cast(User, request.user))
    except Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Mail is sent to you again. Should it come back, you read so here.")
    return go(request, reverse("my_mail"))


@require_POST
def lift(request: HttpRequest, user_id: int) -> HttpResponse:
    """Send mail to a person again."""
    actor = cast(User, request.user)
    policies.may_lift(actor).require()
    person = get_object_or_404(User, pk=user_id)
    reach.lift(actor=actor, user=person)
    messages.success(request, f"Mail is sent to {person} again.")
    return go(request, reverse("person", args=[user_id]))
