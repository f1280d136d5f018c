"""What somebody wants to add, drop or change, what that does to outcome, date and cost, and the answer (S16)."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.enums import choices
from programs.models import OutcomeStatement, Program
from registers.enums import ScopeState
from registers.models.base import ChangingRow


class ScopeChange(ChangingRow):
    """One request; `logged_by` is who asks. The sponsor answers, never the person who asked (G2).

    `new_target` and `new_target_date` are what the outcome statement becomes if it is approved: a new version of the
    statement, linked as `outcome_after`; nothing is edited.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="scope_changes")
    title = models.CharField(max_length=200)
    reason = models.TextField()
    effect_outcome = models.TextField(help_text="What it does to the outcome.")
    effect_days = models.SmallIntegerField(default=0, help_text="Calendar days later; negative is earlier.")
    effect_cost = models.DecimalField(max_digits=14, decimal_places=2, default=0, help_text="Program's currency.")
    new_target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    new_target_date = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=choices(ScopeState), default=ScopeState.REQUESTED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    outcome_before = models.ForeignKey(OutcomeStatement, null=True, on_delete=models.RESTRICT, related_name="+")
    outcome_after = models.OneToOneField(
        OutcomeStatement, null=True, on_delete=models.RESTRICT, related_name="scope_change"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="scope_number_once"),
            models.CheckConstraint(
                condition=models.Q(state=ScopeState.REQUESTED, decided_by__isnull=True, decided_at__isnull=True)
                | (
                    ~models.Q(state=ScopeState.REQUESTED)
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~models.Q(decision_reason="")
                ),
                name="scope_answer_has_person_and_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[ScopeState.APPROVED, ScopeState.REFUSED])
                | ~models.Q(decided_by=models.F("logged_by")),
                name="scope_not_answered_by_who_asked",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("logs_scope_change", args=[self.program.slug, self.number])

    @property
    def is_pending(self) -> bool:
        """Whether it waits for the sponsor."""
        return self.state == ScopeState.REQUESTED
