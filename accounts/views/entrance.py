"""The two ways in that a token opens: an invitation and the operator's sign-in link.

Opening a link shows a page and changes nothing, because mail scanners open links; the press on the page acts. The
pages keep Django's same-origin referrer policy: "no-referrer" would make browsers send "Origin: null", which the
CSRF check refuses, and the pages link nowhere else.
"""

from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import AcceptForm
from accounts.models import User
from accounts.selectors import usable_invitation, usable_link
from accounts.views._shared import posted, put_error
from core import clock
from core.errors import Invalid
from core.htmx import render_page


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="signup")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites to what; a press sets name, password and zone, and signs in."""
    found = usable_invitation(token, clock.now())
    if found is None:
        return _gone(request, "invitation")
    zone = found.user.time_zone
    initial = {"name": found.user.name, "time_zone": "" if zone == "UTC" else zone}  # UTC: nobody chose yet
    form = AcceptForm(posted(request), user=found.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.accept_invitation(token=token, **form.cleaned_data)
        except Invalid as error:
            if not error.field:
                return _gone(request, "invitation")
            put_error(form, error)
        else:
            return _sign_in(request, user, str(settings.LOGIN_REDIRECT_URL))
    context = {"invitation": found, "form": form}
    return render_page(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="signup")
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whom the link signs in; a press does it, once."""
    found = usable_link(token, clock.now())
    if found is None:
        return _gone(request, "sign-in link")
    if request.method != "POST":
        return render_page(request, "accounts/sign_in_link.html", {"link": found})
    try:
        user = services.use_sign_in_link(token=token)
    except Invalid:
        return _gone(request, "sign-in link")
    to = str(settings.LOGIN_REDIRECT_URL) if user.has_usable_password() else reverse("account_set_password")
    return _sign_in(request, user, to)


def _sign_in(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Start the session through allauth, so that its further steps apply to this door too."""
    response: HttpResponse = perform_login(request, user, redirect_url=to)
    return response


def _gone(request: HttpRequest, what: str) -> HttpResponse:
    """Answer used, expired, revoked and forged tokens alike."""
    return render_page(request, "accounts/link_gone.html", {"what": what}, status=404)
