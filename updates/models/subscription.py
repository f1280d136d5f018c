"""Who gets each published update by mail, and how soon."""

from django.conf import settings
from django.db import models

from programs.models import Program


class Subscription(models.Model):
    """One person's wish for one program; without a row there is no mail."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="update_subscriptions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at_once = models.BooleanField(help_text="At once, or together with the mail of the next day.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "user"], name="subscription_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.program_id}"
