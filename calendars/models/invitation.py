"""Invitations to gates and checkpoints: who wants them, when and where a review is held, what each person was sent."""

from django.conf import settings
from django.db import models

from calendars.enums import Method
from core.enums import choices
from phases.models import Event
from programs.models import Program
from reminders.models.lists import parts


class ProgramInvitations(models.Model):
    """The program manager's choice; no row means off. The row is the lock under which invitations change."""

    program = models.OneToOneField(Program, primary_key=True, on_delete=models.CASCADE, related_name="invitations")
    is_on = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "program invitations"

    def __str__(self) -> str:
        return f"{self.program_id}: {'on' if self.is_on else 'off'}"


class InvitationChoice(models.Model):
    """A person's choice; no row means that invitations are welcome."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+")
    declines = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.user_id}: {'declines' if self.declines else 'welcome'}"


class ReviewTime(models.Model):
    """When and where a gate or checkpoint is held; without a row it is a whole day without a place.

    `starts` is the wall clock of the program's zone: the gate may move over a change of the clocks.
    """

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.CASCADE, related_name="review_time")
    starts = models.TimeField(null=True)
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.event_id}: {self.starts or 'all day'}"


class Invitation(models.Model):
    """One person's copy of one event: the newest mail about it and what stood in the calendar before that mail.

    `sequence` only ever grows. The mail itself is the delivery `invite|<event>|<sequence>|<user>`.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=8, choices=choices(Method))
    content = models.JSONField()
    before = models.JSONField(null=True)
    part = models.CharField(max_length=20, choices=parts)
    role_slug = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="invitation_once_per_event_and_person")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.event_id}: {self.method} {self.sequence}"
