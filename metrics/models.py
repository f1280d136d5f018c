"""Definitions of what is measured in production, with limits as numbers. Must not know risks or gates."""

from typing import Any

from django.conf import settings
from django.db import models

from core.enums import choices
from metrics.enums import AlertLevel, Direction, Frequency
from programs.models import Program, Role


def _limit() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=18, decimal_places=4, null=True)


class Metric(models.Model):
    """One production metric (S51, S54). A limit has a low and a high end; only the ends that apply are set.

    The playbook's numbers are examples: `confirmed` stays false until the owner confirmed them.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="metrics")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)
    category = models.CharField(max_length=40)
    unit = models.CharField(max_length=60)
    direction = models.CharField(max_length=10, choices=choices(Direction))
    target_low = _limit()
    target_high = _limit()
    warn_low = _limit()
    warn_high = _limit()
    critical_low = _limit()
    critical_high = _limit()
    limit_note = models.CharField(max_length=200, blank=True)
    frequency = models.CharField(max_length=10, choices=choices(Frequency))
    source = models.CharField(max_length=120)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="metrics")
    why = models.CharField(max_length=300)
    category_required = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="metric_once_per_program")]

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """A limit was breached by a reading (S54, S72). One open alert per metric; a worse reading raises its level.

    The clock: until `acknowledge_by` somebody has to say "seen, I am on it" (S73, S74). The alert closes by itself
    with the first reading back inside the limits; both stay on record.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="alerts")
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="alerts")
    level = models.CharField(max_length=8, choices=choices(AlertLevel))
    value = models.DecimalField(max_digits=18, decimal_places=4, help_text="The worst reading so far.")
    measured_at = models.DateTimeField(help_text="When that reading was measured.")
    opened_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True, help_text="What whoever acknowledged does about it.")
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric"], condition=models.Q(closed_at__isnull=True), name="alert_one_open_per_metric"
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.level}"
