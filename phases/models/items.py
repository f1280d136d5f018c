"""What has to be done and proven: criteria and tasks, each with one responsible role and a date (S6)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.enums import choices
from phases.enums import CriterionState, Level, TaskState
from phases.models.structure import Event, Workstream
from programs.models import Program, Role


class PlanItem(models.Model):
    """What criteria and tasks share: a due day, dates side by side, a role and who stands in for it.

    `due_date` is agreed, `baseline_date` was agreed at launch, `forecast_date` is what the owner expects.
    `assignee` answers instead of the role's holder; `delegated` says that it is the deputy by delegation.
    """

    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    due_day = models.PositiveSmallIntegerField()
    due_date = models.DateField()
    baseline_date = models.DateField()
    forecast_date = models.DateField(null=True, blank=True)
    moved_from = models.DateField(null=True, blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="%(class)ss")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assigned_%(class)ss"
    )
    delegated = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def slip_days(self) -> int:
        """Calendar days by which the agreed date left the baseline (negative: earlier)."""
        return (self.due_date - self.baseline_date).days

    @property
    def expected_date(self) -> dt.date:
        """The forecast where the owner gave one, else the agreed date."""
        return self.forecast_date or self.due_date


class Criterion(PlanItem):
    """What must be true at a gate or checkpoint, and whether it is proven."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="criteria")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="criteria")
    dimension_slug = models.SlugField(max_length=40)
    dimension_name = models.CharField(max_length=80)
    level = models.CharField(max_length=6, choices=choices(Level))
    level_code = models.CharField(max_length=4)
    non_waivable = models.BooleanField(default=False)
    launch_blocking = models.BooleanField(default=False)
    verifier_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="criteria_verified")
    text = models.TextField()
    evidence_type = models.CharField(max_length=40)
    evidence_meaning = models.CharField(max_length=200, blank=True)
    max_age_days = models.PositiveSmallIntegerField()
    relates_to = models.JSONField(default=dict)
    applies = models.CharField(max_length=40, default="all")
    applicable = models.BooleanField(default=True)
    not_applicable_reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=choices(CriterionState), default=CriterionState.OPEN)
    state_reason = models.TextField(blank=True, help_text="Why it was sent back.")
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_day", "position", "id"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="criterion_once_per_program"),
            models.CheckConstraint(
                condition=~models.Q(state=CriterionState.VERIFIED)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False),
                name="criterion_verified_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Address of the criterion page."""
        return reverse("criterion", args=[self.program.slug, self.slug])

    @property
    def is_must(self) -> bool:
        """Whether it is a must-meet at this program's tier."""
        return self.level == Level.MUST

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something: applicable and not verified."""
        return self.applicable and self.state != CriterionState.VERIFIED


class Task(PlanItem):
    """A piece of work that feeds criteria; it is open or done."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="tasks")
    workstream = models.ForeignKey(Workstream, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=300)
    deliverable = models.CharField(max_length=200)
    start_day = models.PositiveSmallIntegerField()
    start_date = models.DateField()
    feeds = models.ManyToManyField(Criterion, related_name="fed_by", blank=True)
    state = models.CharField(max_length=6, choices=choices(TaskState), default=TaskState.OPEN)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    after_end = models.BooleanField(default=False, help_text="Clears up after the program; done when it has ended.")

    class Meta:
        ordering = ["start_day", "due_day", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="task_once_per_program"),
            models.CheckConstraint(
                condition=models.Q(state=TaskState.OPEN, done_at__isnull=True)
                | models.Q(state=TaskState.DONE, done_at__isnull=False),
                name="task_done_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the task page."""
        return reverse("task", args=[self.program.slug, self.slug])

    @property
    def is_open(self) -> bool:
        """Whether it still has to be done."""
        return self.state == TaskState.OPEN
