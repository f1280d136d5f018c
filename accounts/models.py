"""Who there is: users, their time zone and hour, and when they are away. Must not know programs."""

from collections.abc import Iterator
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import MaxValueValidator
from django.db import models

from accounts.managers import UserManager


class User(AbstractBaseUser):
    """A person; the e-mail address is the name to sign in with.

    Roles live in programs; only two rights are installation-wide: administrator, and executive viewer (reads every
    program, changes nothing).
    """

    email = models.EmailField(unique=True, max_length=254)
    name = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    reminder_hour = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(23)])
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    is_executive_viewer = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    # Part of every session's fingerprint: raising it ends all sessions of the person on their next request.
    session_epoch = models.PositiveIntegerField(default=0)
    # Written by `reminders.services.reach` only; here so that pages and planner know it without a further query.
    no_mail_since = models.DateTimeField(
        null=True, help_text="Since when no mail reaches the address; empty when it does."
    )

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(reminder_hour__lte=23), name="user_reminder_hour_is_an_hour"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        words = (self.name or self.email.split("@")[0]).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @property
    def sees_everything(self) -> bool:
        """Whether one of the two wide rights lets them open every program."""
        return self.is_administrator or self.is_executive_viewer

    def get_full_name(self) -> str:
        """Return the name shown to others."""
        return str(self)

    def get_session_auth_hash(self) -> str:
        """Bind sessions to the password and to `session_epoch`, so that either change ends them (ASVS 7.4)."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Do the same for the keys that are being rotated out."""
        for value in super().get_session_auth_fallback_hash():
            yield f"{value}.{self.session_epoch}"


class Absence(models.Model):
    """Days on which a person gets no mail; the deputy does (both ends included)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    start = models.DateField()
    end = models.DateField()

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="absence_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.start} to {self.end}"


class Invitation(models.Model):
    """A mailed way in for one person; the token itself is never stored, only its keyed hash.

    What it invites to is kept as words, because programs live above this app.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    program_name = models.CharField(max_length=200, blank=True)
    role_name = models.CharField(max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} for {self.user_id}"


class SignInLink(models.Model):
    """A one-time way in, made by the operator on the command line; kept as a keyed hash like an invitation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sign-in link {self.pk} for {self.user_id}"


class SecretAddress(models.Model):
    """What every row has that opens something to whoever knows its address: kept as a hash, ended at any time.

    `generation` grows when the token is renewed, ending what the one before has opened. What it opens, for how long
    and how its use is counted stands in the model that has this as its base (security.md section 4).
    """

    token_hash = models.CharField(max_length=64, unique=True, help_text="Keyed SHA-256 of the token.")
    generation = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    form_key = models.CharField(  # noqa: DJ001  (null, not empty, where no form was: only real keys must be unique)
        max_length=40, null=True, unique=True, editable=False
    )

    class Meta:
        abstract = True
