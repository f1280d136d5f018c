"""The numbers of one day, and what the independent reviewer looked at again. Must not compute anything."""

from django.conf import settings
from django.db import models

from core.enums import choices
from gates.enums import RecheckResult
from phases.models import Criterion, Event
from programs.models import Program


class ReadingDay(models.Model):
    """Readiness and status of a program at the end of one day, kept for the trend and for "why it moved" (S23)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="reading_days")
    date = models.DateField(help_text="In the program's time zone.")
    day = models.SmallIntegerField(help_text="Day of the program.")
    gate_slug = models.CharField(max_length=60, blank=True, help_text="The gate ahead.")
    gate_name = models.CharField(max_length=160, blank=True)
    formula_version = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField(null=True, help_text="The headline: the weakest dimension.")
    weakest = models.CharField(max_length=80, blank=True)
    average = models.PositiveSmallIntegerField(null=True)
    verified_average = models.PositiveSmallIntegerField(null=True)
    pace = models.CharField(max_length=20, blank=True, help_text="An exact fraction; empty before anything is due.")
    colour = models.CharField(max_length=8)
    sentence = models.CharField(max_length=400)
    rules = models.JSONField(default=list)
    dimensions = models.JSONField(default=list)
    proofs = models.JSONField(default=dict, help_text="Proof, dimension and level of each counted criterion by slug.")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["program", "date"], name="reading_once_per_day")]

    def __str__(self) -> str:
        return f"{self.program} on {self.date}"


class RecheckRound(models.Model):
    """One draw of verified criteria before a gate; `seed` and `population` let anybody repeat the draw."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="recheck_rounds")
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="recheck_round")
    seed = models.CharField(max_length=32)
    share = models.CharField(max_length=20, help_text="The playbook's share, as an exact fraction.")
    minimum = models.PositiveSmallIntegerField()
    population = models.JSONField(help_text="Slugs of the criteria that were verified at the draw.")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Re-check before {self.event}"


class Recheck(models.Model):
    """One criterion of a draw, and whether its proof held when it was looked at again (honesty rule 6)."""

    round = models.ForeignKey(RecheckRound, on_delete=models.CASCADE, related_name="rechecks")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="rechecks")
    result = models.CharField(max_length=6, choices=choices(RecheckResult), blank=True)
    note = models.CharField(max_length=1000, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "criterion"], name="recheck_criterion_once"),
            models.CheckConstraint(
                condition=models.Q(result="", checked_at__isnull=True, checked_by__isnull=True)
                | (~models.Q(result="") & models.Q(checked_at__isnull=False, checked_by__isnull=False)),
                name="recheck_result_has_person_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Re-check of {self.criterion}"
