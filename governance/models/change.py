"""The version log: what was changed in the running system, and who approved it (S78, g90-change-control)."""

from django.conf import settings
from django.db import models

from core.enums import choices
from governance.enums import ChangeKind
from programs.models import Program


class ChangeRecord(models.Model):
    """One change of the running system. Without an approval it stays in the log and is drawn as such."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="change_records")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=choices(ChangeKind))
    what = models.CharField(max_length=300)
    why = models.TextField()
    # What runs afterwards, as the system names it.
    release = models.CharField(max_length=120)
    applied_on = models.DateField()
    evidence = models.URLField(max_length=500, blank=True)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_on = models.DateField(null=True, help_text="The day of the approval in the program's time zone.")
    note = models.CharField(max_length=500, blank=True)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-applied_on", "-number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="change_number_once")]

    def __str__(self) -> str:
        return f"{self.what} ({self.release})"

    @property
    def is_approved(self) -> bool:
        """Whether a second person approved it."""
        return self.approved_at is not None

    @property
    def days_before_approval(self) -> int:
        """Days it ran before anybody approved it: 0 when the approval came first or is missing."""
        return max((self.approved_on - self.applied_on).days, 0) if self.approved_on else 0
