"""What these views share. Must not decide rights."""

from typing import cast

from django import forms
from django.http import HttpRequest, QueryDict

from accounts.models import User
from core.errors import Invalid


def me(request: HttpRequest) -> User:
    """Return the signed-in person; only for views behind `LoginRequiredMiddleware`."""
    return cast(User, request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even when it is empty, or None for a page that was only opened."""
    return request.POST if request.method == "POST" else None


def put_error(form: forms.Form, error: Invalid) -> None:
    """Show a service's refusal at the field it names, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
