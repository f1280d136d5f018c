"""A round of a gate and what its gatekeepers think of it. Must not decide anything."""

from django.conf import settings
from django.db import models

from core.enums import choices
from gates.enums import GivenAs, View
from phases.models import Event
from programs.models import Program, Role


class GateReview(models.Model):
    """One round: opened when the gate is handed in to review; ended by the round's decision (G3)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="gate_reviews")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reviews")
    number = models.PositiveSmallIntegerField(help_text="1 for the first round; Hold and Recycle lead to the next.")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    note = models.TextField(blank=True)
    # After Recycle only these are looked at again (G9); empty: all criteria of the event.
    scope = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["event_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="round_once_per_event"),
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(closed_at__isnull=True), name="one_open_round_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}, round {self.number}"


class Opinion(models.Model):
    """The view of one gatekeeping role in one round; changed until the decision, frozen with it (G3, G22)."""

    review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="opinions")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="opinions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_as = models.CharField(max_length=10, choices=choices(GivenAs))
    view = models.CharField(max_length=16, choices=choices(View))
    text = models.TextField(blank=True)
    dissent = models.BooleanField(default=False, help_text="Wants the disagreement kept on record.")
    given_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["role_id"]
        constraints = [models.UniqueConstraint(fields=["review", "role"], name="one_view_per_role_and_round")]

    def __str__(self) -> str:
        return f"{self.role}: {self.get_view_display()}"


class GateAlternate(models.Model):
    """Who speaks for a gatekeeping role at one gate when its holder cannot (G22)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="gate_alternates")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="alternates")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="gate_alternates")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ["event_id", "role_id"]
        constraints = [models.UniqueConstraint(fields=["event", "role"], name="one_alternate_per_role_and_gate")]

    def __str__(self) -> str:
        return f"{self.person} for {self.role}"
