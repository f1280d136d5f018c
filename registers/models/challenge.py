"""The challenge session: hard questions, answers on record, who was there (S31)."""

from django.conf import settings
from django.db import models

from phases.models import ChallengeQuestion
from programs.models import Program


class ChallengeSession(models.Model):
    """The one session of a program; its answers may be filled in over several sittings."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="challenge_session")
    held_on = models.DateField()
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    also_present = models.CharField(max_length=400, blank=True, help_text="People without an account.")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Challenge session of {self.program}"


class ChallengeAnswer(models.Model):
    """The answer to one of the questions copied at launch."""

    session = models.ForeignKey(ChallengeSession, on_delete=models.CASCADE, related_name="answers")
    question = models.OneToOneField(ChallengeQuestion, on_delete=models.CASCADE, related_name="answer")
    text = models.TextField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["question__position"]

    def __str__(self) -> str:
        return f"{self.question}: {self.text[:60]}"
