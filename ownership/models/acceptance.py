"""Who was asked to own something, and who said yes, in their own words. Rows are added and ended, never rewritten."""

from django.conf import settings
from django.db import models

from core.enums import choices
from ownership.enums import Answer, Seat
from programs.models import OwnershipArea, Program, Role


class Nomination(models.Model):
    """Somebody was asked to take a seat (holder or deputy of a role) with everything the role owns.

    Without `nominated_by` nobody pressed a button: the person was named at launch or put on the seat directly, and is
    asked to accept. `nominated_on` is a date in the program's zone.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="nominations")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="nominations")
    seat = models.CharField(max_length=6, choices=choices(Seat))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nominations")
    note = models.CharField(max_length=400, blank=True)
    effective_from = models.DateField()
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()
    nominated_on = models.DateField()
    answer = models.CharField(max_length=10, choices=choices(Answer), default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="Why it was declined, withdrawn or overtaken.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "seat", "person"],
                condition=models.Q(answer=Answer.OPEN),
                name="nomination_open_once_per_person",
            ),
            models.CheckConstraint(
                condition=models.Q(answer=Answer.OPEN, answered_at__isnull=True)
                | (~models.Q(answer=Answer.OPEN) & models.Q(answered_at__isnull=False)),
                name="nomination_answered_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.seat} of {self.role}"


class OwnershipAcceptance(models.Model):
    """A person accepted a seat (`area` empty) or one area that belongs to it, in words of their own.

    `taken_at` is when it took effect: empty while its day lies ahead and the former owner stays. It ends once, with
    who ended it and why; the table is the transfer log (S60).
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="acceptances")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="acceptances")
    area = models.ForeignKey(OwnershipArea, null=True, on_delete=models.CASCADE, related_name="acceptances")
    seat = models.CharField(max_length=6, choices=choices(Seat))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances")
    words = models.TextField()
    accepted_at = models.DateTimeField()
    effective_from = models.DateField()
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="As named then."
    )
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # Two constraints, since a null area would make all roles differ from each other.
            models.UniqueConstraint(
                fields=["role", "seat"],
                condition=models.Q(area__isnull=True, taken_at__isnull=False, ended_at__isnull=True),
                name="acceptance_one_per_seat",
            ),
            models.UniqueConstraint(
                fields=["area", "seat"],
                condition=models.Q(area__isnull=False, taken_at__isnull=False, ended_at__isnull=True),
                name="acceptance_one_per_area",
            ),
        ]
        # The tick looks for acceptances whose day has come (`services.accepting.hand_over_due`).
        indexes = [
            models.Index(
                fields=["effective_from"],
                condition=models.Q(taken_at__isnull=True, ended_at__isnull=True),
                name="acceptance_waits_for_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.area or self.role}"
