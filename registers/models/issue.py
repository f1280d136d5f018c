"""What went wrong, in which phase it was found, in which it should have been, and what it cost (S12, S13)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.enums import choices
from phases.models import Phase
from programs.models import OwnershipArea, Program
from registers.domain.issues import age_days, is_late
from registers.enums import Severity
from registers.models.base import ChangingRow
from risks.models import Risk


class Issue(ChangingRow):
    """One issue. There is no field "late": whether it was found late follows from its two phases."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="issues")
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    dimension_slug = models.SlugField(max_length=40)
    dimension_name = models.CharField(max_length=80)
    severity = models.CharField(max_length=8, choices=choices(Severity))
    found_phase = models.ForeignKey(Phase, on_delete=models.RESTRICT, related_name="issues_found")
    expected_phase = models.ForeignKey(Phase, on_delete=models.RESTRICT, related_name="issues_expected")
    area = models.ForeignKey(OwnershipArea, on_delete=models.RESTRICT, related_name="issues")
    risk = models.ForeignKey(Risk, null=True, on_delete=models.RESTRICT, related_name="issues")
    effort_hours = models.DecimalField(max_digits=8, decimal_places=1, default=0)
    delay_days = models.PositiveSmallIntegerField(default=0)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.TextField(blank=True)

    class Meta:
        ordering = [models.F("closed_on").desc(nulls_first=True), "opened_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="issue_number_once"),
            models.CheckConstraint(condition=models.Q(effort_hours__gte=0), name="issue_effort_not_negative"),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, closed_by__isnull=True)
                | (models.Q(closed_on__gte=models.F("opened_on"), closed_by__isnull=False) & ~models.Q(resolution="")),
                name="issue_closed_with_a_resolution",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("logs_issue", args=[self.program.slug, self.number])

    @property
    def is_open(self) -> bool:
        """Whether it still has to be solved."""
        return self.closed_on is None

    @property
    def is_late(self) -> bool:
        """Late discovery: found in a later phase than the one that should have found it (S12)."""
        return is_late(self.found_phase.position, self.expected_phase.position)

    def age(self, today: dt.date) -> int:
        """Days it has been open, or was until it closed."""
        return age_days(self.opened_on, self.closed_on, today)
