"""What every register row has: a number people can say aloud, who wrote it down, and the key of its form."""

from django.conf import settings
from django.db import models


class RegisterRow(models.Model):
    """A numbered row. `number` counts within a program; `form_key` makes a form sent twice one row (P16)."""

    number = models.PositiveIntegerField()
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        abstract = True


class ChangingRow(RegisterRow):
    """A row that changes after it was written; `version` tells two people apart who change it at once (P16)."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
