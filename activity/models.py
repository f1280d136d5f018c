"""One table, only ever added to; the database itself refuses update and delete (see the second migration).

An entry names its subject by kind and id, not by foreign key, because it must survive what it describes. People are
ids; names are looked up when shown, so that a person can be erased without touching the record.
"""

from django.db import models

from activity.enums import Verb
from core.enums import choices


def verbs() -> list[tuple[str, str]]:
    """The closed list as choices; a function, so that a new verb needs no migration."""
    return choices(Verb)


class Entry(models.Model):
    """One thing that happened, written in the transaction in which it happened (S20, P17)."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True, help_text="Id of the person; empty for the application itself.")
    verb = models.CharField(max_length=40, choices=verbs)
    program_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=400, blank=True)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = [
            # The timeline of a program, newest first, and "who updated anything lately" (G12).
            models.Index(fields=["program_id", "-id"], name="activity_program_newest"),
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="activity_subject_newest"),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_label}"
