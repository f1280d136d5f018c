"""What these views share. Must not decide rights."""

from typing import cast

from django import forms
from django.http import HttpRequest

from accounts.models import User
from core.errors import Invalid


def me(request: HttpRequest) -> User:
    """Return the signed-in person; only for views behind `LoginRequiredMiddleware`."""
    return cast(User, request.user)


def put_error(form: forms.Form, error: Invalid) -> None:
    """Show a service's refusal at the field it names, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
