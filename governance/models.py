"""The calendar that keeps a system in order after day 90 (S75-S77). Must not know the plan before it."""

from django.db import models

from core.enums import choices
from governance.enums import GovernanceKind
from programs.models import Program, Role


class GovernanceEvent(models.Model):
    """One entry of the calendar; it repeats by an iCalendar RRULE (RFC 5545), empty for once."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="governance_events")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=choices(GovernanceKind))
    first_day = models.PositiveSmallIntegerField()
    first_date = models.DateField()
    moved_from = models.DateField(null=True)
    rrule = models.CharField(max_length=200, blank=True)
    rrule_later = models.CharField(max_length=200, blank=True, help_text="Takes over when `rrule` has run out.")
    on_change = models.CharField(max_length=120, blank=True, help_text="What else calls for it, in words.")
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="governance_events")
    inputs = models.TextField()
    output = models.CharField(max_length=300)
    relates_to = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["first_date", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="governance_once_per_program")]

    def __str__(self) -> str:
        return self.name


class Trigger(models.Model):
    """A happening that asks for a review outside the calendar."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="triggers")
    position = models.PositiveSmallIntegerField()
    when = models.CharField(max_length=300)
    then = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["program", "position"], name="trigger_position_once")]

    def __str__(self) -> str:
        return self.when
