"""Addresses for mails and terminals. Built from `SITE_URL`, never from the request, whose Host header is a guess.

A forged Host header would otherwise put the attacker's address into a password-reset mail.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse


def absolute(name: str, **kwargs: Any) -> str:
    """Return the full address of the page called `name`."""
    return f"{settings.SITE_URL}{reverse(name, kwargs=kwargs or None)}"
