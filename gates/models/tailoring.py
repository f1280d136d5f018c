"""Changes to a program's list of criteria that need somebody else's yes (G13, G14). Must not change criteria."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import choices
from gates.enums import RequestState, TailoringKind
from phases.models import Criterion
from programs.models import Program


class Request(models.Model):
    """What such requests share: who asked, who answered, with what words."""

    reason = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(RequestState), default=RequestState.REQUESTED)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class ApplicabilityRequest(Request):
    """Asks to leave a criterion out of the denominator because it does not apply (G13)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="applicability_requests")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="applicability_requests")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion"], condition=Q(state=RequestState.REQUESTED), name="applicability_one_open_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion} does not apply"


class TailoringChange(Request):
    """A change to what has to be met; adding takes effect at once, weakening after approval (G14)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="tailoring_changes")
    criterion = models.ForeignKey(Criterion, null=True, on_delete=models.CASCADE, related_name="tailoring_changes")
    kind = models.CharField(max_length=16, choices=choices(TailoringKind))
    limit = models.CharField(max_length=60, blank=True, help_text="Name of the limit that is raised.")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "criterion", "kind"],
                condition=Q(state=RequestState.REQUESTED, criterion__isnull=False),
                name="tailoring_one_open_request",
            ),
            models.UniqueConstraint(
                fields=["program", "limit"],
                condition=Q(state=RequestState.REQUESTED) & ~Q(limit=""),
                name="tailoring_one_open_request_per_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.criterion or self.limit}"
