"""What makes an event a mini-gate: the change it is about and its shortened list of criteria (G21)."""

from django.conf import settings
from django.db import models

from phases.models import Criterion, Event


class MiniGate(models.Model):
    """The frame of one mini-gate; its decision uses the same five words."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="mini_gate")
    trigger = models.CharField(max_length=300)
    criteria = models.ManyToManyField(Criterion, related_name="mini_gates")
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event}: {self.trigger}"
