"""A portfolio, a program in it, and the outcome it is for. Must not know the plan."""

import datetime as dt
from functools import lru_cache

from django.db import models
from django.urls import reverse

from core.enums import choices
from programs.domain.calendar import WorkCalendar
from programs.enums import ProgramState


class Portfolio(models.Model):
    """A named set of programs with one audience."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@lru_cache(maxsize=1024)
def _calendar(country: str, subdivision: str, weekend: tuple[int, ...], days_off: tuple[str, ...]) -> WorkCalendar:
    """One object for all programs that work the same days: what is remembered of it is found at once."""
    return WorkCalendar.build(
        country=country,
        subdivision=subdivision,
        weekend=weekend,
        extra_days_off=(dt.date.fromisoformat(day) for day in days_off),
    )


class Program(models.Model):
    """One 90-day program; texts and limits were copied from its playbook at launch and are its own since then (S1)."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="programs")
    start_date = models.DateField(help_text="Day 1.")
    end_date = models.DateField(help_text="Day 90: the start date plus 89 calendar days.")
    time_zone = models.CharField(max_length=64, help_text="Decides which day it is in this program.")
    country = models.CharField(max_length=10)
    subdivision = models.CharField(max_length=20, blank=True)
    weekend = models.JSONField(default=list, help_text="Numbers of the days off, Monday is 0.")
    extra_days_off = models.JSONField(default=list, help_text="ISO dates.")
    tier = models.PositiveSmallIntegerField(help_text="1 high, 2 medium, 3 low.")
    profile = models.JSONField(default=dict, help_text="The nine intake answers.")
    playbook_slug = models.SlugField(max_length=80)
    playbook_version = models.PositiveIntegerField()
    strategic_priority = models.CharField(max_length=400, blank=True)
    cost_ceiling_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    state = models.CharField(max_length=10, choices=choices(ProgramState), default=ProgramState.ACTIVE)
    is_example = models.BooleanField(default=False)
    launched_at = models.DateTimeField()
    limits = models.JSONField(default=dict, help_text="Gate limits of the playbook (G5, G8, G12 ...).")
    scoring = models.JSONField(default=dict, help_text="Readiness constants with their formula version.")
    risk_scale = models.JSONField(default=dict)
    small_team = models.BooleanField(
        default=False, help_text="Relaxes who may verify and approve (G2); the gate pack then says self-verified."
    )
    # Null, not empty, when launched from the command line: only real keys must be unique.
    launch_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - see above
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["state", "start_date"], name="program_state_start")]
        constraints = [
            models.CheckConstraint(condition=models.Q(tier__gte=1, tier__lte=3), name="program_tier_1_to_3"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of mission control."""
        return reverse("mission_control", args=[self.slug])

    @property
    def calendar(self) -> WorkCalendar:
        """The working days of this program."""
        return _calendar(self.country, self.subdivision, tuple(self.weekend), tuple(self.extra_days_off))

    @property
    def is_active(self) -> bool:
        """Whether work goes on and reminders leave."""
        return self.state == ProgramState.ACTIVE


class OutcomeStatement(models.Model):
    """What shall change, measured how, from where to where, by when (S27, S32); versions are added, never edited."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="outcome_statements")
    number = models.PositiveIntegerField(default=1)
    problem = models.TextField(blank=True)
    affected = models.TextField(blank=True)
    measure = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    target_date = models.DateField(null=True)
    guardrail = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="outcome_number_once")]

    def __str__(self) -> str:
        return f"{self.program}: {self.measure} (version {self.number})"
