"""What the system is worth after day 90, read for day 120 and day 180 (S97). Readings are added, never edited."""

from django.conf import settings
from django.db import models

from core.enums import choices
from governance.enums import Basis
from programs.models import Program


class BenefitReading(models.Model):
    """One reading of the outcome measure; it keeps the words and numbers of the statement it was held against.

    `value` is None when nothing could be read: that is said, not left out.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="benefit_readings")
    number = models.PositiveIntegerField()
    day = models.PositiveSmallIntegerField(help_text="Program day, 120 or 180.")
    read_on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    basis = models.CharField(max_length=10, choices=choices(Basis))
    method = models.TextField()
    evidence = models.URLField(max_length=500, blank=True)
    statement = models.PositiveIntegerField(default=0, help_text="Version of the outcome statement, 0 for none.")
    measure = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-read_on", "-number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="benefit_number_once")]

    def __str__(self) -> str:
        return f"Benefit at day {self.day}"
