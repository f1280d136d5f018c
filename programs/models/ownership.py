"""Who owns what after go-live: the four areas, the RACI rows, the stakeholder groups."""

from django.conf import settings
from django.db import models

from programs.models.program import Program
from programs.models.role import Role


class OwnershipArea(models.Model):
    """One of the areas that need an accepting person and a deputy (S61, S93)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="ownership_areas")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="ownership_areas")
    covers = models.TextField()
    may_decide = models.TextField()
    routine = models.TextField()
    response_times = models.JSONField(default=list, help_text="List of {trigger, amount, unit}.")
    gap_alerts = models.JSONField(default=list)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    # What stands now, kept here by `ownership.services` so that every page knows it without a further query.
    effective_from = models.DateField(null=True)
    deputy_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.CharField(max_length=200, blank=True, help_text="The people behind the owner (S93).")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="area_once_per_program")]

    def __str__(self) -> str:
        return self.name


class RaciAssignment(models.Model):
    """One cell of the RACI table: a role's letters (R, A, C, I) for an activity."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="raci")
    activity = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="raci")
    letters = models.CharField(max_length=4)

    class Meta:
        ordering = ["position", "role_id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "activity", "role"], name="raci_cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.role} {self.letters}"


class StakeholderGroup(models.Model):
    """People with a stake: what they ask, what they get, how often (S41)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="stakeholder_groups")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)
    asks = models.TextField()
    gets = models.TextField()
    cadence = models.CharField(max_length=120)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="stakeholder_groups")
    phase_slug = models.CharField(max_length=60, blank=True, help_text="Empty: all phases.")
    acknowledges_brief = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="stakeholder_once_per_program")]

    def __str__(self) -> str:
        return self.name
