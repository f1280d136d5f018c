"""What a person asked for about their own reminders; without a row everything comes, one mail a day."""

from django.conf import settings
from django.db import models

from core.enums import choices
from reminders.enums import Style


class Preference(models.Model):
    """One person's wishes. `quiet_days` holds weekdays with Monday = 0; `by_rule` maps a rule to `enums.Choice`.

    What is allowed is `domain.preferences`; a stored wish that is not allowed (any more) counts as none.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    quiet_days = models.JSONField(default=list)
    style = models.CharField(max_length=10, choices=choices(Style), default=Style.DIGEST.value)
    week = models.BooleanField(default=False, help_text="A weekly overview on the first morning of the week.")
    by_rule = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"wishes of {self.user_id}"
