"""Definitions of what is measured in production, with limits as numbers. Must not know risks or gates."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.enums import choices
from metrics.domain.limits import Bounds, Limits
from metrics.enums import AlertLevel, Direction, Frequency, ReadingSource
from programs.models import Program, Role


def _limit() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=18, decimal_places=4, null=True)


class Metric(models.Model):
    """One production metric (S51, S54). A limit has a low and a high end; only the ends that apply are set.

    The playbook's numbers are examples: `confirmed` stays false until the owner confirmed them. `last_value` and
    `last_measured_at` repeat the newest reading, kept by the services under the row's lock, so that no page and no
    status has to look for it among a million readings.
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
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    baseline = _limit()
    last_value = _limit()
    last_measured_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="metric_once_per_program")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("metric", args=[self.program.slug, self.slug])

    @property
    def limits(self) -> Limits:
        """Its limits as values."""
        return Limits(
            Direction(self.direction),
            Bounds(self.target_low, self.target_high),
            Bounds(self.warn_low, self.warn_high),
            Bounds(self.critical_low, self.critical_high),
        )


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
    investigator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who finds out why; an alert without one is red (S73).",
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric"], condition=models.Q(closed_at__isnull=True), name="alert_one_open_per_metric"
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.level}"


class Reading(models.Model):
    """One measured value. The same time cannot count twice; a correction is a new row that takes the old one's place.

    Rows of one metric are written under that metric's lock. The unique index is partial and doubles as the index of
    every list: newest first, current ones only.
    """

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="readings", db_index=False)
    measured_at = models.DateTimeField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.CharField(max_length=4, choices=choices(ReadingSource))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    token = models.ForeignKey("ApiToken", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    current = models.BooleanField(default=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="corrected_by")
    reason = models.CharField(max_length=500, blank=True, help_text="Why a correction was needed.")

    class Meta:
        ordering = ["-measured_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "measured_at"], condition=models.Q(current=True), name="reading_once_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measured_at:%Y-%m-%d %H:%M}: {self.value}"


class LimitChange(models.Model):
    """Limits as they were and as they are, with the reason (G14, G20). Append-only: the database refuses changes.

    Program and metric are named without a constraint: what may not be deleted has to survive what it describes.
    """

    program = models.ForeignKey(Program, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.DO_NOTHING, db_constraint=False, related_name="limit_changes")
    before = models.JSONField(help_text="Six ends by field name, as text; null where none applies.")
    after = models.JSONField()
    reason = models.CharField(max_length=500)
    weakened = models.JSONField(default=list, help_text="Limits that let more pass than before, in words.")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.metric_id}: {self.reason}"


class ApiToken(models.Model):
    """A key with which a monitoring system sends readings of one program. Only its hash is kept; it is shown once."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=12, help_text="Its first characters, to tell tokens apart.")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - as above

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class ReadingImport(models.Model):
    """A file that was checked without fault and waits for its owner to say "import" (the dry run).

    Its text is dropped once it is imported; what stays says who brought in how many readings and when.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="reading_imports")
    name = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)
    saved = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
