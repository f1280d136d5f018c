"""The frame of a program: three phases, their workstreams, checkpoints and gates."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.enums import choices
from phases.enums import POSTPONING, EventKind, EventState, Outcome
from programs.models import Program, Role


class Phase(models.Model):
    """Thirty days with a question; it unlocks by the gate before it (G1)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="phases")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    question = models.TextField()
    start_day = models.PositiveSmallIntegerField()
    end_day = models.PositiveSmallIntegerField()
    start_date = models.DateField()
    end_date = models.DateField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="phase_once_per_program")]

    def __str__(self) -> str:
        return self.name


class Workstream(models.Model):
    """A strand of work inside a phase with a leading role."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="workstreams")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="workstreams")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField()
    lead_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="workstreams_led")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="workstream_once_per_program")]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """A checkpoint or gate. Three dates side by side: baseline (at launch), due (agreed now), forecast (expected).

    `moved_from` is the nominal day when that was no working day; `day` is the playbook's day number. `outcome` is the
    current result: after Hold, Recycle and Do not launch the event is pending again, with its new date.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="events")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="events")
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=12, choices=choices(EventKind))
    name = models.CharField(max_length=160)
    day = models.PositiveSmallIntegerField()
    look_at = models.TextField(blank=True)
    gatekeepers = models.ManyToManyField(Role, related_name="gates_kept", blank=True)
    due_date = models.DateField()
    baseline_date = models.DateField()
    forecast_date = models.DateField(null=True, blank=True)
    moved_from = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=choices(EventState), default=EventState.PENDING)
    outcome = models.CharField(max_length=24, choices=choices(Outcome), blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="event_once_per_program"),
            models.CheckConstraint(
                condition=models.Q(state=EventState.PENDING, outcome__in=["", *POSTPONING], decided_at__isnull=True)
                | (
                    models.Q(state=EventState.DECIDED, decided_at__isnull=False)
                    & ~models.Q(outcome__in=["", *POSTPONING])
                ),
                name="event_outcome_only_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the gate page."""
        return reverse("gate", args=[self.program.slug, self.slug])

    @property
    def is_gate(self) -> bool:
        """Whether this decides (and not only looks)."""
        return self.kind == EventKind.GATE


class ChallengeQuestion(models.Model):
    """One of the hard questions of the challenge session (S31)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="challenge_questions")
    position = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=40)
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["program", "position"], name="challenge_position_once")]

    def __str__(self) -> str:
        return self.text
