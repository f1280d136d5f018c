"""The program brief in four sections, version by version, and who acknowledged which (S42, S43)."""

from django.conf import settings
from django.db import models

from programs.models import Program, StakeholderGroup
from registers.models.base import ChangingRow


class BriefVersion(ChangingRow):
    """One version; `number` is the version. It is a draft until published, and unchangeable from then on."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="brief_versions")
    scope = models.TextField(blank=True)
    limits = models.TextField(blank=True)
    risks = models.TextField(blank=True)
    timelines = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="What is new; empty for the first version.")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="brief_number_once"),
            models.UniqueConstraint(
                fields=["program"], condition=models.Q(published_at__isnull=True), name="brief_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True, published_by__isnull=True)
                | (
                    models.Q(published_at__isnull=False, published_by__isnull=False)
                    & ~(models.Q(scope="") | models.Q(limits="") | models.Q(risks="") | models.Q(timelines=""))
                ),
                name="brief_published_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class BriefAcknowledgement(models.Model):
    """A group that has to acknowledge one version; `by` is empty until somebody did for it.

    Rows are made when the version is published, so that every version asks again.
    """

    brief = models.ForeignKey(BriefVersion, on_delete=models.CASCADE, related_name="acknowledgements")
    group = models.ForeignKey(StakeholderGroup, on_delete=models.CASCADE, related_name="acknowledgements")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["group__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "group"], name="brief_group_once"),
            models.CheckConstraint(
                condition=models.Q(by__isnull=True, at__isnull=True) | models.Q(by__isnull=False, at__isnull=False),
                name="brief_acknowledged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.brief}"
