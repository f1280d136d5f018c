"""What somebody saw when they last looked: convenience, no record; can be thrown away at any time."""

from django.conf import settings
from django.db import models

from programs.models import Program


class LastLook(models.Model):
    """The document shown on this visit and on the one before, as canonical text; empty before the first."""

    seen = models.TextField(blank=True)
    seen_at = models.DateTimeField(null=True)
    before = models.TextField(blank=True)
    before_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class StatusLook(LastLook):
    """A person's last looks at one program's status."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="status_looks")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "program"], name="status_look_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.program_id}"
