"""What is raised between gates: exception notes (G17) and moved gates with their cause. Must not move dates."""

from django.conf import settings
from django.db import models

from core.enums import choices
from gates.enums import Cause, ExceptionOption
from phases.models import Event
from programs.models import Program


class ExceptionNote(models.Model):
    """A forecast breach of a tolerance, told early: cause, effect, options, recommendation (G17)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="exception_notes")
    event = models.ForeignKey(Event, null=True, on_delete=models.CASCADE, related_name="exception_notes")
    tolerance = models.CharField(max_length=200, help_text="Which tolerance is forecast to break.")
    cause = models.TextField()
    effect = models.TextField()
    options = models.TextField()
    recommendation = models.CharField(max_length=12, choices=choices(ExceptionOption))
    forecast_on = models.DateField(help_text="The day the tolerance is expected to break.")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    early = models.BooleanField(help_text="Raised before the break: counted as good practice.")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # Null, not empty, when nothing was sent by a form: only real keys must be unique.
    key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Exception: {self.tolerance}"


class Replan(models.Model):
    """A gate moved with what depends on it: by how much, why, and what moved along."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="replans")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="replans")
    old_date = models.DateField()
    new_date = models.DateField()
    working_days = models.SmallIntegerField()
    cause = models.CharField(max_length=12, choices=choices(Cause))
    reason = models.CharField(max_length=500)
    moved = models.PositiveSmallIntegerField(help_text="How many dates moved along.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # Null, not empty, when nothing was sent by a form: only real keys must be unique.
    key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.event}: {self.old_date} to {self.new_date}"
