"""Makes users; the address is the name, compared without regard to case. Must not send mail."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

from core.text import one_line

if TYPE_CHECKING:
    from accounts.models import User


class UserManager(BaseUserManager["User"]):
    """Creates and finds people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create one person; without a password the account cannot be signed in to until one is set."""
        user = self.model(email=clean_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an installation administrator (Django's own command ends here)."""
        return self.create_user(email, password, is_administrator=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, whatever its case."""
        return self.get(email=clean_email(username or ""))


def clean_email(email: str) -> str:
    """Return the one spelling under which an address is kept: trimmed and lower case."""
    return one_line(email).lower()
