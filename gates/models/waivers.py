"""Permission to pass a gate without one criterion, for a while (G4-G7). Must not touch the criterion itself."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.enums import choices
from gates.enums import RequestState
from phases.models import Criterion
from programs.models import Program
from risks.models import Risk


class Waiver(models.Model):
    """A waiver with its compensating control; an extension is a new row, approved anew (G7)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="waivers")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="waivers")
    reason = models.TextField()
    control = models.TextField(help_text="What makes up for the missing proof meanwhile.")
    control_evidence = models.TextField(help_text="Note or address that shows the control at work.")
    risk = models.ForeignKey(Risk, null=True, on_delete=models.PROTECT, related_name="waivers")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    expires_on = models.DateField(help_text="Last day it holds.")
    state = models.CharField(max_length=10, choices=choices(RequestState), default=RequestState.REQUESTED)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    self_approved = models.BooleanField(default=False, help_text="By who asked, in a small team on record (G2).")
    extension_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="extended_by")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion"], condition=Q(state=RequestState.REQUESTED), name="waiver_one_request_per_criterion"
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True)
                | ~Q(answered_by=F("requested_by"))
                | ~Q(state=RequestState.APPROVED)
                | Q(self_approved=True),
                name="waiver_not_approved_by_requester",
            ),
        ]

    def __str__(self) -> str:
        return f"Waiver of {self.criterion}"
