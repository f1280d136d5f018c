"""What mail servers and providers said about addresses, and the addresses nothing is sent to (engine.md, Bounces)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import choices
from reminders.domain.bounces import Cause


class MailEvent(models.Model):
    """One event a mail provider reported: kept raw first, judged afterwards; the same event twice is one row."""

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=20, blank=True)
    soft = models.BooleanField(default=False)
    address = models.EmailField(max_length=254)
    words = models.CharField(max_length=300, blank=True, help_text="What the receiving server said.")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    raw = models.TextField(help_text="The provider's own words, cut to a bounded length.")
    processed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="mail_event_once")]
        indexes = [
            # Polled by services.reach on every tick.
            models.Index(fields=["id"], name="mail_event_waiting", condition=Q(processed_at__isnull=True)),
            models.Index(fields=["address", "-happened_at"], name="mail_event_of_address"),
            models.Index(fields=["received_at"], name="mail_event_age"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.event_id}"


class Suppression(models.Model):
    """A time in which nothing is sent to a person's address: why, since when, and who ended it how.

    `User.no_mail_since` says the same of the one that is open; both are written together by `services.reach`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="suppressions")
    address = models.EmailField(max_length=254)
    cause = models.CharField(max_length=20, choices=choices(Cause))
    words = models.CharField(max_length=300, blank=True, help_text="What the server said.")
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(lifted_at=None), name="suppression_one_open_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.cause}"

    @property
    def cause_words(self) -> str:
        """Why, in a sentence."""
        return Cause(self.cause).label
