"""Two small tables of convenience: the last computed standing of a program, and when somebody last looked at one.

Both can be thrown away and made again; nothing is decided from them and neither is part of the record.
"""

from django.conf import settings
from django.db import models

from programs.models import Program


class Standing(models.Model):
    """The portfolio line of a program, kept so that thousands can be sorted by need without computing them again.

    `good_until` is the instant the line has to be computed again: the next midnight of the program, or the instant
    of the last change (see `dashboard.services`). `need` sorts: the higher the earlier.
    """

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="standing", primary_key=True)
    good_until = models.DateTimeField(db_index=True)
    need = models.PositiveIntegerField(db_index=True)
    colour = models.CharField(max_length=5)
    verdict = models.CharField(max_length=500)
    gates = models.JSONField(default=list, help_text="List of [day, state] for the thin track.")
    gate_name = models.CharField(max_length=160, blank=True)
    gate_date = models.DateField(null=True)
    gaps = models.PositiveSmallIntegerField(default=0)
    updated_on = models.DateField(null=True, help_text="In the program's time zone.")

    def __str__(self) -> str:
        return f"{self.program_id}: {self.colour}"


class Visit(models.Model):
    """When a person looked at a program: this visit and the one before, for "since your last visit"."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="visits")
    last_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "program"], name="visit_once_per_person_and_program")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.program_id}: {self.last_at:%Y-%m-%d %H:%M}"
