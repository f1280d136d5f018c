"""Named debts of a Conditional Go (G15). Must not judge whether one is overdue; `gates.domain` does."""

from django.conf import settings
from django.db import models

from core.enums import choices
from gates.enums import ConditionState
from gates.models.decisions import Decision
from phases.models import Criterion
from programs.models import Program, Role


class Condition(models.Model):
    """What must be done by a date after the gate, how that is tested, and what happens if it is missed."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="conditions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    criterion = models.ForeignKey(Criterion, null=True, on_delete=models.SET_NULL, related_name="conditions")
    text = models.CharField(max_length=500)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="conditions_owned")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="conditions_owned"
    )
    verifier_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="conditions_verified")
    due_date = models.DateField()
    exit_test = models.CharField(max_length=500)
    consequence = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=choices(ConditionState), default=ConditionState.OPEN)
    state_reason = models.CharField(max_length=500, blank=True, help_text="Why the evidence was sent back.")
    evidence_note = models.TextField(blank=True)
    evidence_url = models.URLField(max_length=2000, blank=True)
    evidence_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    evidence_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_date", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "position"], name="condition_position_once"),
            models.CheckConstraint(
                condition=~models.Q(state=ConditionState.CLOSED)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="condition_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text
