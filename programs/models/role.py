"""Who holds which role in a program. A role without a holder is a gap and keeps the day it became one."""

from django.conf import settings
from django.db import models

from programs.models.program import Program


class Role(models.Model):
    """One of the playbook's roles in one program, with its holder and deputy.

    `vacant_since` is a date in the program's time zone, set exactly while there is no holder.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="roles")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="roles_held")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="roles_deputised"
    )
    vacant_since = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="role_once_per_program"),
            models.CheckConstraint(
                condition=models.Q(holder__isnull=False, vacant_since__isnull=True)
                | models.Q(holder__isnull=True, vacant_since__isnull=False),
                name="role_vacant_since_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name
