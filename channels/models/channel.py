"""A chat or a webhook of one program. Its address and secret are write-only: no page and no log ever shows them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from channels.domain.targets import shown
from channels.enums import CHOOSABLE, Kind, Topic
from core.enums import choices
from programs.models import Program


def _person(**options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class Channel(models.Model):
    """One place a program posts to.

    A removed channel stays for its log, without address and secret. `old_secret` still signs until `old_until`, so
    that a receiver can change over without losing a post.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=choices(Kind))
    url = models.CharField(max_length=1000, blank=True, help_text="Secret: whoever has it can post.")
    secret = models.CharField(max_length=100, blank=True, help_text="whsec_…, of a signed webhook.")
    old_secret = models.CharField(max_length=100, blank=True)
    old_until = models.DateTimeField(null=True)
    topics = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True)
    paused_because = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True)
    added_by = _person()
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["id"]
        indexes = [
            # Asked on every activity entry that may be posted, and on every tick.
            models.Index(fields=["program"], name="channel_living", condition=Q(removed_at=None)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("channel", args=[self.program.slug, self.pk])

    @property
    def shown(self) -> str:
        """The host of its address."""
        return shown(self.url)

    @property
    def topic_labels(self) -> list[str]:
        """What it is told, in words."""
        return [topic.label for topic in Topic if topic in self.topics]

    @property
    def is_told_everything(self) -> bool:
        """Whether every topic is switched on."""
        return set(CHOOSABLE) <= set(self.topics)

    def secrets(self, now: datetime) -> list[str]:
        """The secrets that sign at `now`, the newest first."""
        old = self.old_secret if self.old_until is not None and now < self.old_until else ""
        return [secret for secret in (self.secret, old) if secret]
