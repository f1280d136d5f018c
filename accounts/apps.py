"""People: sign-in, invitations, when and where they can be reached."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts app."""

    name = "accounts"
