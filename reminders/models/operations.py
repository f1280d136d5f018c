"""What operators look at: who was seen working, what was told to whom, and how much was done in all."""

from django.db import models

from reminders.models.lists import alarms, processes


class Heartbeat(models.Model):
    """One process (or one host's beat) of the installation and when it last showed a sign of life (P23)."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=processes)
    seen_at = models.DateTimeField()
    version = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.name} seen {self.seen_at}"


class Alarm(models.Model):
    """One thing that can be wrong and what administrators were told about it. Idle while `since` is empty.

    `next_at` is lease and clock in one: whoever moves it on sends; nobody else does before it (P4 for alarms).
    """

    kind = models.CharField(max_length=10, primary_key=True, choices=alarms)
    since = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, help_text="When the next mail about it is due.")
    tries = models.PositiveIntegerField(default=0, help_text="Mails that were tried since it began.")
    told_at = models.DateTimeField(null=True, help_text="When a mail about it last left.")
    cleared_at = models.DateTimeField(null=True, help_text="It is over; the mail that says so has not left yet.")
    error = models.CharField(max_length=300, blank=True, help_text="Why the last mail about it did not leave.")

    def __str__(self) -> str:
        return f"{self.kind} since {self.since}"


class Tally(models.Model):
    """How often something happened since the installation began; added up after each pass, for metrics only."""

    name = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
