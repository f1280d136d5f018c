"""The status page exactly as it was. Only ever added to: the database refuses update and delete (G11, P17).

`document` is the canonical text that was hashed, byte for byte. The program is named without a constraint in the
database, because the record must survive it.
"""

from django.db import models
from django.db.models import DO_NOTHING
from django.urls import reverse

from core.enums import choices
from programs.models import Program
from status_pages.enums import Trigger


class StatusSnapshot(models.Model):
    """One frozen status document; `reference` says of what, so that the same occasion is kept once."""

    program = models.ForeignKey(Program, on_delete=DO_NOTHING, db_constraint=False, related_name="status_snapshots")
    trigger = models.CharField(max_length=8, choices=choices(Trigger))
    reference = models.CharField(max_length=40, help_text="The Monday, the decision or the update it belongs to.")
    label = models.CharField(max_length=200, blank=True)
    colour = models.CharField(max_length=8)
    schema_version = models.PositiveSmallIntegerField()
    document = models.TextField(help_text="Canonical JSON, exactly as it was hashed.")
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["-taken_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "trigger", "reference"], name="status_snapshot_once"),
        ]
        indexes = [models.Index(fields=["program", "-taken_at"], name="status_snapshot_newest")]

    def __str__(self) -> str:
        return self.label or f"{self.get_trigger_display()} {self.reference}"

    def get_absolute_url(self) -> str:
        """Address of the page as it was."""
        return reverse("status_snapshot", args=[self.program.slug, self.pk])
