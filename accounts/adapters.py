"""Where django-allauth asks this application: nobody signs up, links lead to `SITE_URL`, mail goes after the commit.

Must not decide rights; it only keeps allauth's answers within our rules.
"""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from accounts.links import absolute
from accounts.mail import Action, letter, send_after_commit
from accounts.models import User
from accounts.services import note_email_changed, note_password_changed

_log = logging.getLogger(__name__)

_ACTIONS = {
    "account/email/password_reset_key": ("Choose a new password", "password_reset_url"),
    "account/email/email_confirmation": ("Confirm this address", "activate_url"),
    "account/email/email_confirmation_signup": ("Confirm this address", "activate_url"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, safe links, visible mail failures and an entry for every change of password or address."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and password do not belong to an active account.",
        "too_many_login_attempts": "Too many failed attempts. Wait five minutes, or choose a new password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: people come in by invitation only."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the person, or None for unknown, wrong and deactivated alike: one answer, nothing to learn."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log the refused attempt (ASVS V16) without the address, which may be a mistyped password."""
        _log.warning("sign-in refused for a visitor at %s", self.get_client_ip(request))

    def set_password(self, user: User, password: str) -> None:
        """Save the password and record it; sessions elsewhere end, since their fingerprint holds the old one."""
        with transaction.atomic():
            super().set_password(user, password)
            note_password_changed(actor=user, user=user)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm the address and record it in the same transaction."""
        with transaction.atomic():
            confirmed: bool = super().confirm_email(request, email_address)
            if confirmed:
                note_email_changed(actor=email_address.user, user=email_address.user)
        return confirmed

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the profile, where the way here began."""
        return reverse("profile")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the reset address under `SITE_URL`: a forged Host header must not reach a mail."""
        url = absolute("account_reset_password_from_key", uidb36="UID", key="KEY")
        return url.replace("UID-KEY", key)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the confirmation address under `SITE_URL`, for the same reason."""
        return absolute("account_confirm_email", key=emailconfirmation.key)

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Turn allauth's text templates into our letter with its HTML twin."""
        context = {**context, "login_url": absolute("account_login"), "reset_url": absolute("account_reset_password")}
        plain: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        label, key = _ACTIONS.get(template_prefix, ("", ""))
        return letter(email, str(plain.subject), str(plain.body), Action(label, context[key]) if label else None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send after the commit; a refusal by the mail server is shown to whoever pressed the button."""
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        delivery = send_after_commit(message)
        if delivery.error and self.request is not None:
            messages.error(self.request, f"The mail could not be sent: {delivery.error}")
