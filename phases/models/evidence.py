"""Proof of a criterion: a link, a note, a file kept outside the web root, or the readings of a metric (G19)."""

from django.conf import settings
from django.db import models

from core.enums import choices
from metrics.models import Metric
from phases.enums import EvidenceKind
from phases.models.items import Criterion


class Evidence(models.Model):
    """One proof. `effective_date` is the day it describes, apart from the day it was added.

    It is withdrawn, never deleted. A file is kept under `file_key`, a generated name; `sha256` is over its bytes.
    """

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=6, choices=choices(EvidenceKind))
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=2000, blank=True)
    note = models.TextField(blank=True)
    file_key = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    metric = models.ForeignKey(
        Metric,
        null=True,
        on_delete=models.RESTRICT,
        related_name="evidence",
        help_text="Its readings are the proof; date and note then follow the newest one.",
    )
    describes_version = models.CharField(max_length=80, blank=True)
    result = models.CharField(max_length=60, blank=True, help_text="What was measured, with its unit.")
    limit = models.CharField(max_length=60, blank=True, help_text="What it has to stay within.")
    effective_date = models.DateField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-effective_date", "-id"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.title
