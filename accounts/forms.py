"""Forms about people. They parse and keep what was typed; rules live in the services.

The classes at the end only change words and widgets of django-allauth's own forms. Must not write.
"""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.password_validation import get_default_password_validators

from accounts.domain.zones import known_zone, zone_groups
from accounts.models import User
from accounts.selectors import has_joined

_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def password_help() -> str:
    """Return the rules for a password in one sentence; the validators of the settings hold them."""
    lengths = [getattr(validator, "min_length", 0) for validator in get_default_password_validators()]
    return f"At least {max(lengths, default=0)} characters; no common password, nothing like your name or address."


class ZoneField(forms.ChoiceField):
    """A picker of time zones by area; an unusual zone that is already set (an alias) stays choosable."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Time zone")
        message = "Choose a time zone such as Europe/Berlin."
        kwargs.setdefault("error_messages", {"required": message, "invalid_choice": message})
        super().__init__(choices=[("", "Choose a time zone"), *_zone_choices()], **kwargs)

    def valid_value(self, value: str) -> bool:
        """Take any zone of the installed zone data, not only those the picker offers."""
        return known_zone(value)


def _zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(area, [(zone, zone.replace("_", " ")) for zone in zones]) for area, zones in zone_groups()]


def keep_choosable(field: forms.Field, zone: str) -> None:
    """Add `zone` to the picker when it is not among the offered ones, so that saving does not change it unasked."""
    offered = {name for _, zones in zone_groups() for name in zones}
    if isinstance(field, ZoneField) and zone and zone not in offered:
        field.choices = [("", "Choose a time zone"), *_zone_choices(), ("As set now", [(zone, zone)])]


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label="Name", max_length=120, required=False, help_text="As others see it. The person can change it."
    )
    time_zone = ZoneField(
        required=False, help_text="Mails arrive at a decent hour there. The person can change it when accepting."
    )

    def clean_time_zone(self) -> str:
        """Leave the zone at UTC when nothing is chosen."""
        return self.cleaned_data["time_zone"] or "UTC"


class AcceptForm(forms.Form):
    """What an invited person sets before the first sign-in."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = ZoneField(help_text="Reminders arrive at your morning, not ours.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = password_help()
        keep_choosable(self.fields["time_zone"], user.time_zone)


class ProfileForm(forms.Form):
    """Name, zone and hour of one person."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = ZoneField()
    reminder_hour = forms.TypedChoiceField(
        label="Reminders arrive at",
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {"name": user.name, "time_zone": user.time_zone, "reminder_hour": user.reminder_hour}
        )
        super().__init__(*args, **kwargs)
        keep_choosable(self.fields["time_zone"], user.time_zone)


class AbsenceForm(forms.Form):
    """Days away, both included."""

    start = forms.DateField(label="First day away", widget=_DATE)
    end = forms.DateField(label="Last day away", widget=_DATE)


class LoginForm(allauth_forms.LoginForm):
    """Sign-in by address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"login": "E-mail address", "remember": "Keep me signed in for 14 days"})
        self.fields["password"].help_text = ""  # the way to a new password has its own line below the button


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Asks for the address to mail a reset link to."""

    users: list[User]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"email": "E-mail address"})

    def clean_email(self) -> str:
        """Treat people who never came in as unknown: a reset must not stand in for a revoked invitation."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if has_joined(user)]
        return email


class _NewPassword(forms.Form):
    """Words for the two fields of a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            {"oldpassword": "Current password", "password1": "New password", "password2": "New password again"},
        )
        self.fields["password1"].help_text = password_help()


class ResetPasswordKeyForm(_NewPassword, allauth_forms.ResetPasswordKeyForm):
    """A new password after following the mailed link."""


class ChangePasswordForm(_NewPassword, allauth_forms.ChangePasswordForm):
    """A new password, knowing the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class SetPasswordForm(_NewPassword, allauth_forms.SetPasswordForm):
    """A first password for somebody who came in by a sign-in link."""


class ChangeEmailForm(allauth_forms.AddEmailForm):
    """A new address; it replaces the old one once confirmed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"email": "New e-mail address"})


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """Asks for the password again before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"password": "Password"})
        self.fields["password"].help_text = ""


def _plain(form: forms.Form, labels: dict[str, str]) -> None:
    """Use our words as labels and drop placeholders, which only repeat them and vanish while typing."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in labels:
            field.label = labels[name]
