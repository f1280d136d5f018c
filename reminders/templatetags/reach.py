"""Lets a page of an app below show whether mail reaches somebody. Must not decide or write."""

from django import template

from accounts.models import User
from reminders.models import Suppression
from reminders.selectors.reach import open_suppression

register = template.Library()


@register.simple_tag
def suppression_of(person: User) -> Suppression | None:
    """The open suppression of a person (no query for whoever mail reaches)."""
    return open_suppression(person)
