"""What people say beside the computed status; neither replaces it ("Status colour"). Must not compute one."""

from django.conf import settings
from django.db import models

from programs.models import Program


class DeclaredStatus(models.Model):
    """The program manager's colour with a reason; better than computed only with the sponsor's yes and an expiry."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="declared_statuses")
    colour = models.CharField(max_length=8, choices=[(c, c.capitalize()) for c in ("grey", "red", "amber", "green")])
    computed = models.CharField(max_length=8, help_text="The computed colour when it was declared.")
    better = models.BooleanField(help_text="Better than computed at the time.")
    reason = models.CharField(max_length=1000)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["program"], condition=models.Q(ended_at__isnull=True), name="one_declared_status_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(better=False) | models.Q(expires_on__isnull=False),
                name="declared_better_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program}: {self.colour}"
