"""`manage.py create_admin EMAIL`: an administrator, and a one-time link to sign in with.

Standard output carries the link and nothing else, so that a script can use it. Must not print or take a password.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import create_administrator, sign_in_link
from core.errors import Invalid


class Command(BaseCommand):
    """Make a person administrator and print a sign-in link; running it again prints a new link."""

    help = "Make EMAIL an installation administrator and print a one-time sign-in link (good for 24 hours)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address."""
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link on standard output, the explanation on standard error."""
        try:
            user = create_administrator(options["email"])
        except Invalid as error:
            raise CommandError(f"EMAIL: {error}") from None
        link = sign_in_link(user)
        self.stderr.write(f"{user.email} is an administrator. This link signs in once, within 24 hours:")
        self.stdout.write(link)
