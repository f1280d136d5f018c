"""What is posted to a channel: a row exists before anything leaves and stays with what became of it (rules 1 and 6)."""

from django.db import models
from django.db.models import Q

from channels.enums import Topic
from channels.models.channel import Channel
from core.enums import choices
from reminders.enums import Outcome, State


def topics() -> list[tuple[str, str]]:
    """What can be posted; a function, so that a new topic needs no migration."""
    return choices(Topic)


class ChannelPost(models.Model):
    """One post to one channel, with the columns that every outbox has (`reminders.services.outbox`).

    `number` is the webhook-id: it follows from the key, so that a repeat after a crash can be recognised. `facts` is
    what it says, fixed when the row is made. The subject is an event and its day, looked at again before it leaves.
    """

    key = models.CharField(max_length=120, unique=True)
    number = models.CharField(max_length=60, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="posts")
    topic = models.CharField(max_length=30, choices=topics)
    facts = models.JSONField()
    event_id = models.BigIntegerField(null=True)
    due_date = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=choices(State), default=State.QUEUED)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reply = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Polled by services.passing on every tick.
            models.Index(fields=["not_before"], name="post_due", condition=Q(state=State.QUEUED)),
            models.Index(fields=["lease_until"], name="post_leased", condition=Q(state=State.LEASED)),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class ChannelAttempt(models.Model):
    """One try, written before the receiver is spoken to; no end means it may have been accepted."""

    post = models.ForeignKey(ChannelPost, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=choices(Outcome), default=Outcome.STARTED)
    reply = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.post_id} try {self.number}: {self.outcome}"
