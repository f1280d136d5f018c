"""Every move of a date, kept for ever: a slip is never hidden (promise 4, honesty rule 7)."""

from django.conf import settings
from django.db import models

from core.enums import choices
from phases.enums import DateField, ItemKind
from programs.models import Program


class DateChange(models.Model):
    """One move of a due or forecast date, with who and why."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="date_changes")
    item_kind = models.CharField(max_length=10, choices=choices(ItemKind))
    item_id = models.BigIntegerField()
    field = models.CharField(max_length=10, choices=choices(DateField))
    old_date = models.DateField(null=True)
    new_date = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["item_kind", "item_id"], name="date_change_of_item")]

    def __str__(self) -> str:
        return f"{self.item_kind} {self.item_id}: {self.old_date} to {self.new_date}"
