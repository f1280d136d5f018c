"""The decision about a running system: continue, change or retire, with the day of the next one (S79)."""

from django.conf import settings
from django.db import models

from core.enums import choices
from gates.enums import Sustain
from gates.models.endings import Closure
from governance.models import GovernanceOccurrence
from programs.models import Program


class SustainDecision(models.Model):
    """One decision of the sponsor. Rows are added, never changed; `basis` keeps what lay on the table."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="sustain_decisions")
    number = models.PositiveIntegerField()
    word = models.CharField(max_length=8, choices=choices(Sustain))
    reason = models.TextField()
    changes = models.TextField(blank=True, help_text="What changes in scope, use or limits.")
    next_on = models.DateField(null=True, help_text="Day of the next decision; empty when it is retired.")
    basis = models.JSONField(default=list, help_text="Sentences: benefit, overdue events, changes without approval.")
    occurrence = models.OneToOneField(
        GovernanceOccurrence, null=True, on_delete=models.SET_NULL, related_name="sustain_decision"
    )
    closure = models.OneToOneField(Closure, null=True, on_delete=models.SET_NULL, related_name="sustain_decision")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="sustain_number_once")]

    def __str__(self) -> str:
        return f"Decision in run: {self.get_word_display()}"
