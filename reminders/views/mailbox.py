"""The application's own mailbox, used until a mail server is set. People read their own mail; administrators all."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from core.htmx import render_page
from reminders.selectors.mailbox import mailbox_of, read_mail

PER_PAGE = 50


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List kept mails, newest first."""
    page = Paginator(mailbox_of(cast(User, request.user)), PER_PAGE).get_page(request.GET.get("page"))
    return render_page(request, "reminders/mailbox.html", {"page": page})


@require_safe
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show one mail as plain text; 404 for a mail to somebody else."""
    return render_page(request, "reminders/message.html", {"mail": read_mail(cast(User, request.user), message_id)})


@require_safe
def message_file(request: HttpRequest, message_id: int) -> HttpResponse:
    """Hand out the mail as it was sent, as a download that no browser runs."""
    mail = read_mail(cast(User, request.user), message_id)
    response = HttpResponse(bytes(mail.message.raw), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="mail-{mail.message.pk}.eml"'
    return response
