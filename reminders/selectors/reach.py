"""Whom no mail reaches, and why. Must not write."""

from accounts.models import User
from reminders.models import Suppression


def open_suppression(user: User) -> Suppression | None:
    """The suppression of a person that is open (no query for whoever mail reaches)."""
    if user.no_mail_since is None:
        return None
    return Suppression.objects.filter(user=user, lifted_at=None).first()
