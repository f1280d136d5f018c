"""People: sign-in, invitations, when and where they can be reached."""

import logging

from django.apps import AppConfig

from accounts.redaction import TokenFilter


class AccountsConfig(AppConfig):
    """Accounts app."""

    name = "accounts"

    def ready(self) -> None:
        """Keep one-time tokens out of what Django logs about requests."""
        for name in ("django.request", "django.security.csrf"):
            logging.getLogger(name).addFilter(TokenFilter())
