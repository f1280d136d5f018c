"""The calendar that keeps a system in order after day 90 (S75-S77). Must not know the plan before it.

Occurrences are computed from an event's rules; a row exists only for one that somebody touched: done, deferred, or
left open when the rules were changed. So a calendar needs nobody to keep it filled, and a changed rule has no rows
to clean up, yet what was due stays due.
"""

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.enums import choices
from governance.enums import Finding, GovernanceKind
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
    # A review that a happening called for (S77); empty for the calendar's own events.
    trigger = models.ForeignKey("Trigger", null=True, on_delete=models.PROTECT, related_name="reviews")
    cause = models.TextField(blank=True)
    happened_on = models.DateField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["first_date", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="governance_once_per_program")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("governance_event", args=[self.program.slug, self.slug])

    @property
    def rules(self) -> tuple[str, ...]:
        """Its rules in the order in which they take over; none for once."""
        return tuple(rule for rule in (self.rrule, self.rrule_later) if rule)

    @property
    def decides(self) -> bool:
        """Whether it ends in the decision to continue, change or retire, and is done by nothing else (S79)."""
        return self.slug in DECIDING

    @property
    def benefit_day(self) -> int | None:
        """The program day whose benefit reading it is about, None for every other event (S97)."""
        day = self.slug.removeprefix(BENEFIT)
        return int(day) if day != self.slug and day.isdigit() else None


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


class GovernanceOccurrence(models.Model):
    """One date of an event that was done, deferred, or kept open over a change of the rules.

    `planned_on` is the date the rules gave and never changes; `due_date` is the working day it is held on now.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="governance_occurrences")
    event = models.ForeignKey(GovernanceEvent, on_delete=models.CASCADE, related_name="occurrences")
    planned_on = models.DateField()
    due_date = models.DateField()
    moved_because = models.CharField(max_length=300, blank=True, help_text="Why it is not held on the planned day.")
    deferrals = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(null=True)
    finding = models.CharField(max_length=12, choices=choices(Finding), blank=True)
    output = models.TextField(blank=True)
    evidence = models.URLField(max_length=500, blank=True)
    next_step = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_date", "id"]
        constraints = [models.UniqueConstraint(fields=["event", "planned_on"], name="occurrence_once_per_event_day")]

    def __str__(self) -> str:
        return f"{self.event}, {self.due_date:%Y-%m-%d}"


class Deferral(models.Model):
    """One time an occurrence was put off, and why; rows are added, never changed (S94)."""

    occurrence = models.ForeignKey(GovernanceOccurrence, on_delete=models.CASCADE, related_name="moves")
    number = models.PositiveSmallIntegerField()
    before = models.DateField()
    after = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["occurrence", "number"], name="deferral_number_once")]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


BENEFIT = "gc-benefit-"
"""Slugs of events about a benefit reading begin so; the program day follows."""
DECIDING = ("gc-benefit-180", "gc-recommission-yearly")
"""Events of the playbook whose output is the decision to continue, change or retire (S79)."""
