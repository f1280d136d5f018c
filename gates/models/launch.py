"""Steps by which real users are exposed after the launch checkpoint (G18). Must not clear anything itself."""

from django.conf import settings
from django.db import models

from core.enums import choices
from gates.enums import StepState
from programs.models import Program


class LaunchStep(models.Model):
    """One step: who is exposed, what must hold to enter and to leave, what stops it without a meeting."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="launch_steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    exposure = models.CharField(max_length=200, help_text="Who or how many, such as 5 % of cases in one team.")
    planned_date = models.DateField()
    entry_test = models.CharField(max_length=500, help_text="The number that must hold before this step.")
    exit_test = models.CharField(max_length=500, help_text="The number that must hold before the next one.")
    halt_conditions = models.JSONField(default=list, help_text="Any one of them stops the rollout.")
    state = models.CharField(max_length=10, choices=choices(StepState), default=StepState.PLANNED)
    entry_number = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(null=True)
    exit_number = models.CharField(max_length=200, blank=True)
    left_at = models.DateTimeField(null=True)
    halted_at = models.DateTimeField(null=True)
    halted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    halted_because = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["program", "position"], name="launch_step_position_once")]

    def __str__(self) -> str:
        return self.name
