"""What a program believes without proof, how that is tested and what came out (S15, S30)."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.enums import choices
from phases.models import Event
from programs.models import Program, Role
from registers.domain.assumptions import TOP
from registers.enums import Result, Theme
from registers.models.base import ChangingRow


class Assumption(ChangingRow):
    """One assumption. `rank` 1 to 5 marks those that would hurt most; an empty `result` means not tested."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="assumptions")
    text = models.CharField(max_length=400)
    consequence = models.TextField(help_text="Why it would hurt if it were wrong.")
    theme = models.CharField(max_length=12, choices=choices(Theme))
    rank = models.PositiveSmallIntegerField(null=True)
    test = models.TextField(blank=True, help_text="How we find out.")
    owner_role = models.ForeignKey(Role, on_delete=models.RESTRICT, related_name="assumptions")
    result = models.CharField(max_length=8, choices=choices(Result), blank=True)
    result_note = models.TextField(blank=True, help_text="What the test showed and what follows from it.")
    tested_on = models.DateField(null=True)
    tested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = [models.F("rank").asc(nulls_last=True), "number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="assumption_number_once"),
            models.UniqueConstraint(fields=["program", "rank"], name="assumption_rank_once"),
            models.CheckConstraint(
                condition=models.Q(rank__isnull=True) | models.Q(rank__gte=1, rank__lte=TOP),
                name="assumption_rank_in_the_top",
            ),
            models.CheckConstraint(
                condition=models.Q(result="", tested_on__isnull=True, tested_by__isnull=True)
                | (~models.Q(result="") & models.Q(tested_on__isnull=False, tested_by__isnull=False)),
                name="assumption_result_has_day_and_person",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("logs_assumption", args=[self.program.slug, self.number])

    @property
    def is_tested(self) -> bool:
        """Whether a test has said something, be it unclear."""
        return bool(self.result)


class AssumptionExplanation(models.Model):
    """Why a top assumption is still untested at one checkpoint or gate, so that it may close all the same (S15)."""

    assumption = models.ForeignKey(Assumption, on_delete=models.CASCADE, related_name="explanations")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="assumption_explanations")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["assumption", "event"], name="explanation_once_per_event")]

    def __str__(self) -> str:
        return f"{self.assumption} at {self.event}"
