"""What belongs to a version of the outcome statement beside its figures, and measurements of the outcome (S32)."""

from django.conf import settings
from django.db import models

from charter.domain.outcome import grade
from charter.enums import Confidence
from core.enums import choices
from metrics.models import Metric
from programs.models import OutcomeStatement, Program
from registers.models.base import RegisterRow


class OutcomeDetail(models.Model):
    """Who wrote a version of the outcome statement, why, and how well its baseline is known.

    The figures themselves are `programs.OutcomeStatement`, which launching and scope changes write as well; a version
    without this row was made at launch. Rows are added with their version and only ever verified.
    """

    statement = models.OneToOneField(OutcomeStatement, on_delete=models.CASCADE, related_name="detail")
    priority = models.CharField(max_length=400, blank=True, help_text="The strategic priority it serves.")
    confidence = models.CharField(max_length=10, choices=choices(Confidence), default=Confidence.NONE)
    baseline_source = models.CharField(max_length=400, blank=True, help_text="Source and period of the baseline.")
    metric = models.ForeignKey(Metric, null=True, on_delete=models.SET_NULL, related_name="outcomes")
    reason = models.TextField(help_text="Why there is a new version.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verified_by__isnull=True, verified_at__isnull=True)
                | (
                    models.Q(verified_by__isnull=False, verified_at__isnull=False)
                    & ~models.Q(verified_by=models.F("written_by"))
                ),
                name="outcome_baseline_verified_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Detail of {self.statement}"

    @property
    def grade(self) -> str:
        """The confidence grade, A to D."""
        return grade(self.statement.baseline, Confidence(self.confidence), verified=self.verified_by_id is not None)


class OutcomeMeasurement(RegisterRow):
    """What the outcome measure read on a day, by hand, with its proof; verified by somebody else (G2)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="outcome_measurements")
    measured_on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    note = models.TextField(help_text="How it was measured, and where the proof is.")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-measured_on", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="measurement_number_once"),
            models.CheckConstraint(
                condition=models.Q(verified_by__isnull=True, verified_at__isnull=True)
                | (
                    models.Q(verified_by__isnull=False, verified_at__isnull=False)
                    & ~models.Q(verified_by=models.F("logged_by"))
                ),
                name="measurement_verified_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Measurement {self.number} of {self.measured_on}"
