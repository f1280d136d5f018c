"""A program exactly as it was at a gate (G11, P17). Only ever added to: the database refuses update and delete.

`document` is the canonical text that was hashed, not JSON of the database, so that it stays byte for byte what it was.
References carry no database constraint: the record must survive what it describes.
"""

from django.conf import settings
from django.db import models
from django.db.models import DO_NOTHING, Q
from django.urls import reverse

from core.enums import choices
from gates.enums import SnapshotKind
from gates.models.decisions import Decision
from phases.models import Event
from programs.models import Program


class Snapshot(models.Model):
    """One frozen document: taken when a gate is handed in to review, and when it is decided."""

    program = models.ForeignKey(Program, on_delete=DO_NOTHING, db_constraint=False, related_name="snapshots")
    event = models.ForeignKey(Event, on_delete=DO_NOTHING, db_constraint=False, related_name="snapshots")
    decision = models.OneToOneField(
        Decision, null=True, on_delete=DO_NOTHING, db_constraint=False, related_name="snapshot"
    )
    kind = models.CharField(max_length=10, choices=choices(SnapshotKind))
    schema_version = models.PositiveSmallIntegerField()
    document = models.TextField(help_text="Canonical JSON, exactly as it was hashed.")
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["event", "-id"], name="snapshot_event_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SnapshotKind.REVIEW, decision__isnull=True)
                | Q(kind=SnapshotKind.DECISION, decision__isnull=False),
                name="snapshot_of_a_decision_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} snapshot {self.pk}"

    def get_absolute_url(self) -> str:
        """Address of the viewer."""
        return reverse("snapshot", args=[self.program.slug, self.event.slug, self.pk])
