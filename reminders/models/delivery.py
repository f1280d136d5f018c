"""Reminders and the mails that carry them. A row exists before any mail leaves, and stays with what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import choices
from programs.models import Program
from reminders.domain.again import first_occurrence, is_again
from reminders.enums import Outcome, State
from reminders.models.lists import kinds, parts, rules


class Mail(models.Model):
    """One message to one person: what is claimed, leased, sent and retried (rule 6).

    `mime` holds the bytes from the first attempt that a server may have accepted; from then on they never change.
    `claim` fences the record: only the worker that still holds the lease may say what became of the mail.
    """

    key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(max_length=254)
    local_date = models.DateField(help_text="The recipient's date this mail belongs to.")
    state = models.CharField(max_length=10, choices=choices(State), default=State.QUEUED)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(max_length=200, blank=True)
    mime = models.BinaryField(null=True)
    reply = models.CharField(max_length=500, blank=True, help_text="What the server said.")
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    buried_at = models.DateTimeField(null=True, help_text="When it was refused for good or given up.")

    class Meta:
        indexes = [
            # Polled by services.claiming: mails that are due, and leases that ran out.
            models.Index(fields=["not_before"], name="mail_due", condition=Q(state=State.QUEUED)),
            models.Index(fields=["lease_until"], name="mail_leased", condition=Q(state=State.LEASED)),
            models.Index(fields=["-sent_at"], name="mail_sent_newest", condition=Q(state=State.SENT)),
            # Kept small so that the operations page finds what went wrong among millions that went well.
            models.Index(fields=["-id"], name="mail_dead", condition=Q(state=State.DEAD)),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"


class Delivery(models.Model):
    """One reminder for one person: (recipient, subject, rule, occurrence, date version) under a unique key (rule 1).

    The subject is named by kind and id. `planned_for` is the recipient's hour on the planned date; `not_before` is
    later when it could not leave then. `leased` means: part of a mail that is being sent.
    """

    key = models.CharField(max_length=200, unique=True)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    item_kind = models.CharField(max_length=20, choices=kinds)
    item_id = models.BigIntegerField()
    item_slug = models.CharField(max_length=60)
    item_label = models.CharField(max_length=400)
    rule = models.CharField(max_length=30, choices=rules)
    occurrence = models.CharField(max_length=20)
    due_date = models.DateField()
    part = models.CharField(max_length=20, choices=parts)
    role_slug = models.CharField(max_length=60)
    gaps = models.JSONField(default=list)
    urgency = models.PositiveSmallIntegerField()
    alone = models.BooleanField(default=False, help_text="May leave after the mail of the day.")
    any_day = models.BooleanField(default=False, help_text="May leave on a day off: the day of a gate.")
    planned_on = models.DateField()
    planned_for = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(State), default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was not sent.")
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    sent_on = models.DateField(null=True, help_text="The recipient's date on which it left or was refused.")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            # Polled by services.composing on every tick.
            models.Index(
                fields=["not_before"], name="delivery_due", condition=Q(state=State.QUEUED, mail__isnull=True)
            ),
            # Polled by services.composing for one person's mail of the day.
            models.Index(fields=["user"], name="delivery_open_of_user", condition=Q(state=State.QUEUED)),
            # Polled by services.composing to close what has no sense any more.
            models.Index(fields=["expires_at"], name="delivery_expiring", condition=Q(state=State.QUEUED)),
            # What the planner compares with, and what a change to an item cancels.
            models.Index(
                fields=["program", "item_kind", "item_id"],
                name="delivery_open_of_program",
                condition=Q(state__in=[State.QUEUED, State.HELD, State.LEASED]),
            ),
            # What was sent before: ladders and moved dates.
            models.Index(
                fields=["program", "item_kind", "item_id", "rule"],
                name="delivery_past_of_program",
                condition=Q(state__in=[State.SENT, State.DEAD]),
            ),
            # What operations and the watch count: few among millions.
            models.Index(fields=["program"], name="delivery_held", condition=Q(state=State.HELD)),
            models.Index(
                fields=["planned_for"],
                name="delivery_unsent",
                condition=Q(state__in=[State.CANCELLED, State.EXPIRED]),
            ),
            # The ledger of a program, newest first, and by state.
            models.Index(fields=["program", "-planned_for"], name="delivery_ledger"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"

    @property
    def is_again(self) -> bool:
        """Whether somebody sent it again by hand."""
        return is_again(self.occurrence)

    @property
    def step(self) -> str:
        """The occurrence of its rule; for one that was sent again that of the first one."""
        return first_occurrence(self.key, self.occurrence)


class Attempt(models.Model):
    """One try to send a mail, written before the server is spoken to; no end means it may have been accepted."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=choices(Outcome), default=Outcome.STARTED)
    reply = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.mail_id} try {self.number}: {self.outcome}"
