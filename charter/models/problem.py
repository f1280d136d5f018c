"""The problem statement, version by version, and who signed which (S27, S28). A version is never edited."""

from django.conf import settings
from django.db import models

from charter.enums import Seat
from core.enums import choices
from programs.models import Program
from registers.models.base import RegisterRow


class ProblemStatement(RegisterRow):
    """One version; `number` is the version and `logged_by` who wrote it. The newest counts."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="problem_statements")
    problem = models.TextField()
    affected = models.TextField()
    frequency = models.CharField(max_length=400)
    cost_today = models.CharField(max_length=400)
    if_nothing = models.TextField()
    measure = models.CharField(max_length=400)
    target = models.CharField(max_length=400)
    reason = models.TextField(blank=True, help_text="Why there is a new version; empty for the first.")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="problem_number_once"),
            models.CheckConstraint(
                condition=~(
                    models.Q(problem="")
                    | models.Q(affected="")
                    | models.Q(frequency="")
                    | models.Q(cost_today="")
                    | models.Q(if_nothing="")
                    | models.Q(measure="")
                    | models.Q(target="")
                ),
                name="problem_statement_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class ProblemSignature(models.Model):
    """The place for one signature under one version; `signed_by` is empty until somebody signed.

    Both places are made with the version, so that a new version asks again and a reminder has something to name.
    """

    statement = models.ForeignKey(ProblemStatement, on_delete=models.CASCADE, related_name="signatures")
    seat = models.CharField(max_length=20, choices=choices(Seat))
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "seat"], name="problem_seat_once"),
            # Two signatures by two people, also when one person has both roles (S28).
            models.UniqueConstraint(fields=["statement", "signed_by"], name="problem_person_once"),
            models.CheckConstraint(
                condition=models.Q(signed_by__isnull=True, signed_at__isnull=True)
                | models.Q(signed_by__isnull=False, signed_at__isnull=False),
                name="problem_signed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement}: {self.seat}"
