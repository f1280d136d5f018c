"""What the program needs from other teams, by when, and how far that is (S81)."""

import datetime as dt

from django.db import models
from django.urls import reverse

from charter.domain.dependencies import is_late
from charter.enums import DependencyState
from core.enums import choices
from programs.models import Program, Role
from registers.models.base import ChangingRow


class Dependency(ChangingRow):
    """One thing somebody else has to deliver; the owning role looks after it on our side."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="dependencies")
    team = models.CharField(max_length=120)
    what = models.CharField(max_length=300)
    needed_by = models.DateField()
    state = models.CharField(max_length=10, choices=choices(DependencyState), default=DependencyState.ASKED)
    owner_role = models.ForeignKey(Role, on_delete=models.RESTRICT, related_name="dependencies")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["needed_by", "number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="dependency_number_once")]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("charter_dependency", args=[self.program.slug, self.number])

    @property
    def is_open(self) -> bool:
        """Whether it is still waited for."""
        return DependencyState(self.state).is_open

    def is_late(self, today: dt.date) -> bool:
        """Whether its day has passed while it is still waited for."""
        return is_late(DependencyState(self.state), self.needed_by, today)
