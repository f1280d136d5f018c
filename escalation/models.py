"""Escalations: one running path about one thing, the rungs it reached, whom each rung told. Must not know gates."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.enums import choices
from escalation.enums import Cause, Part, Subject
from programs.models import Program
from risks.models import EscalationPath, Risk


def _person(**options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class PathTerms(models.Model):
    """What a program settled about one of its paths; without a row the shipped data counts (version 1).

    `version` guards the path's levels, which have none of their own.
    """

    path = models.OneToOneField(EscalationPath, on_delete=models.CASCADE, related_name="terms")
    round_the_clock = models.BooleanField(help_text="Hours run day and night and mail leaves at once: an emergency.")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "path terms"

    def __str__(self) -> str:
        return f"terms of {self.path_id}"


class Escalation(models.Model):
    """A path at work. It waits from rung to rung until somebody acknowledges it, and ends when its cause is gone.

    The subject is named by kind and id, not by foreign key, because it must survive what it is about. `critical` is
    an alert beyond its critical limit: its mails leave at any hour. `next_at` is when the next rung is due; empty
    when the clock stands (acknowledged, ended, or every rung was told).
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="escalations")
    path = models.ForeignKey(EscalationPath, on_delete=models.PROTECT, related_name="escalations")
    risks = models.ManyToManyField(Risk, related_name="escalations")
    subject_kind = models.CharField(max_length=20, choices=choices(Subject))
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=300)
    subject_url = models.CharField(max_length=300, blank=True)
    subject_due = models.DateField(null=True, help_text="The date an overdue action missed.")
    cause = models.CharField(max_length=20, choices=choices(Cause))
    critical = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000, blank=True)
    started_at = models.DateTimeField()
    started_by = _person(null=True)
    earlier = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="later")
    next_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = _person(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="What whoever acknowledged does about it.")
    ended_at = models.DateTimeField(null=True)
    ended_by = _person(null=True)
    ended_because = models.CharField(max_length=300, blank=True)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Polled by services.advancing on every tick.
            models.Index(fields=["next_at"], name="escalation_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["program"], name="escalation_running", condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["path", "subject_kind", "subject_id"],
                condition=Q(ended_at__isnull=True),
                name="escalation_one_running_per_path_and_subject",
            ),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True) | Q(acknowledged_at__isnull=True, ended_at__isnull=True),
                name="escalation_clock_stands_once_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.subject_label

    def get_absolute_url(self) -> str:
        """Address of the escalation's page."""
        return reverse("escalation", args=[self.program.slug, self.pk])

    @property
    def is_running(self) -> bool:
        """Whether somebody is still wanted: neither acknowledged nor ended."""
        return self.acknowledged_at is None and self.ended_at is None


class EscalationRung(models.Model):
    """A rung that was reached: when it was due, when it was told, and what was missing on it."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="rungs")
    position = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    reached_at = models.DateTimeField()
    roles = models.CharField(max_length=600, help_text="Names of its roles as they were.")
    gaps = models.JSONField(default=list, help_text="Empty places of this rung and of empty rungs before it, in words.")
    empty = models.BooleanField(default=False, help_text="Nobody could be told; it was handed to the next rung.")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["escalation", "position"], name="escalation_rung_once")]

    def __str__(self) -> str:
        return f"{self.escalation_id}, rung {self.position}"


class RungCall(models.Model):
    """One person told on a rung. `ended_at` takes back what had not left when the role changed hands."""

    rung = models.ForeignKey(EscalationRung, on_delete=models.CASCADE, related_name="calls")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role_slug = models.CharField(max_length=60)
    role_name = models.CharField(max_length=120)
    part = models.CharField(max_length=10, choices=choices(Part))
    gap = models.CharField(max_length=300, blank=True)
    called_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["rung", "user"], name="rung_call_once_per_person")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.rung_id}"
