"""The list of people, for administrators: invite, revoke, deactivate, give and take rights."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies, services
from accounts.forms import InviteForm
from accounts.mail import Delivery
from accounts.models import User
from accounts.selectors import open_invitation, people, person, rows
from accounts.views._shared import me, posted, put_error
from core import clock
from core.errors import Invalid
from core.htmx import go, render_page

PAGE = 50


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """List everybody with where they stand; ?q= searches name and address."""
    policies.may_manage_people(me(request)).require()
    search = request.GET.get("q", "").strip()[:100]
    page = Paginator(people(search), PAGE).get_page(request.GET.get("page"))
    context = {"rows": rows(page.object_list, clock.now()), "page": page, "search": search}
    return render_page(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Ask whom to invite and mail the invitation."""
    policies.may_invite(me(request)).require()
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            invited = services.invite(actor=me(request), **form.cleaned_data)
        except Invalid as error:
            put_error(form, error)
        else:
            _tell(request, invited.delivery, f"Invitation sent to {invited.invitation.user.email}.")
            return go(request, reverse("people"))
    return render_page(request, "accounts/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def person_page(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one person with what may be done about them."""
    user = _person(request, user_id)
    actor = me(request)
    context = {
        "row": person(user, clock.now(), open_invitation(user)),
        "deactivate": policies.may_deactivate(actor, user),
        "administrator": policies.may_set_administrator(actor, user, on=not user.is_administrator),
        "executive_viewer": policies.may_set_executive_viewer(actor, user),
    }
    return render_page(request, "accounts/person.html", context)


@require_POST
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account."""
    user = services.deactivate_user(actor=me(request), user=_person(request, user_id))
    return _done(request, user, f"{user} is deactivated and signed out everywhere.")


@require_POST
def reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Open an account again."""
    user = services.reactivate_user(actor=me(request), user=_person(request, user_id))
    return _done(request, user, f"{user} can sign in again.")


@require_POST
def set_administrator(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give (`on=1`) or take the administrator right."""
    on = request.POST.get("on") == "1"
    user = services.set_administrator(actor=me(request), user=_person(request, user_id), on=on)
    return _done(request, user, f"{user} is {'now' if on else 'no longer'} an administrator.")


@require_POST
def set_executive_viewer(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give (`on=1`) or take the right to read every program."""
    on = request.POST.get("on") == "1"
    user = services.set_executive_viewer(actor=me(request), user=_person(request, user_id), on=on)
    return _done(request, user, f"{user} {'now reads' if on else 'no longer reads'} every program.")


@require_POST
def resend_invitation(request: HttpRequest, user_id: int) -> HttpResponse:
    """Mail a fresh invitation; the old one stops working."""
    invited = services.resend_invitation(actor=me(request), user=_person(request, user_id))
    _tell(request, invited.delivery, f"A new invitation went to {invited.invitation.user.email}.")
    return go(request, reverse("person", args=[user_id]))


@require_POST
def revoke_invitation(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take an open invitation back."""
    user = services.revoke_invitation(actor=me(request), user=_person(request, user_id))
    return _done(request, user, f"The invitation for {user.email} is revoked.")


def _person(request: HttpRequest, user_id: int) -> User:
    """Return the person, after the right to see people, so that ids tell nothing to others."""
    policies.may_manage_people(me(request)).require()
    return get_object_or_404(User, pk=user_id)


def _done(request: HttpRequest, user: User, text: str) -> HttpResponse:
    messages.success(request, text)
    return go(request, reverse("person", args=[user.pk]))


def _tell(request: HttpRequest, delivery: Delivery, text: str) -> None:
    if delivery.error:
        messages.error(request, f"Saved, but the mail could not be sent: {delivery.error}")
    else:
        messages.success(request, text)
