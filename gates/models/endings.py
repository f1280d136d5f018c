"""How a program ended: reason, lessons, cost avoided, and the tasks that clear up after it (G10)."""

from django.conf import settings
from django.db import models

from core.enums import choices
from gates.enums import ClosureKind, StopReason
from phases.models import Task
from programs.models import Program


class Closure(models.Model):
    """One per program; an early stop is counted as such, never as a failure."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="closure")
    kind = models.CharField(max_length=8, choices=choices(ClosureKind))
    reason_code = models.CharField(max_length=20, choices=choices(StopReason), blank=True)
    reason = models.TextField()
    people_told = models.TextField()
    lessons = models.TextField()
    cost_avoided_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    disposal = models.TextField(help_text="What becomes of data, model access and accounts.")
    disposal_tasks = models.ManyToManyField(Task, related_name="closures", blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.program}: {self.get_kind_display()}"
