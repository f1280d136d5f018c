"""What was decided at a gate or checkpoint. Only ever added to: the database refuses update and delete (G11, G20).

Its references carry no database constraint, because the record must survive what it describes; names of people are
frozen in `attendance`. A correction is a new decision that supersedes the old one.
"""

from django.conf import settings
from django.db import models
from django.db.models import DO_NOTHING, Q

from core.enums import choices
from gates.models.reviews import GateReview
from phases.enums import Outcome
from phases.models import Event
from programs.models import Program


class Decision(models.Model):
    """One decision of one round; `decided_by` is empty when a missed condition let a decision lapse (G15)."""

    program = models.ForeignKey(Program, on_delete=DO_NOTHING, db_constraint=False, related_name="decisions")
    event = models.ForeignKey(Event, on_delete=DO_NOTHING, db_constraint=False, related_name="decisions")
    review = models.ForeignKey(
        GateReview, null=True, on_delete=DO_NOTHING, db_constraint=False, related_name="decisions"
    )
    number = models.PositiveSmallIntegerField(help_text="The round.")
    word = models.CharField(max_length=24, choices=choices(Outcome))
    reason = models.TextField()
    recommendation = models.JSONField(default=dict, help_text="Which decisions were open, why, and the word advised.")
    opinions = models.JSONField(default=list, help_text="Views and dissent as they were.")
    attendance = models.JSONField(default=list, help_text="Roles and names of those who were heard.")
    proofs = models.JSONField(default=dict, help_text="Proof of each criterion as it was, by slug.")
    trade_off = models.TextField(blank=True, help_text="Performance, cost, security, time (S21).")
    # Go and Conditional Go
    next_owner = models.CharField(max_length=200, blank=True)
    next_budget = models.CharField(max_length=200, blank=True)
    next_start = models.DateField(null=True)
    next_end = models.DateField(null=True)
    # Hold
    hold_cause = models.CharField(max_length=20, blank=True)
    waiting_for = models.CharField(max_length=500, blank=True)
    keeps_running = models.CharField(max_length=500, blank=True)
    review_date = models.DateField(null=True)
    # Recycle, Do not launch
    redo = models.JSONField(default=list, help_text="Slugs of the criteria to redo.")
    new_date = models.DateField(null=True)
    changes = models.CharField(max_length=1000, blank=True, help_text="What changes in scope or team.")
    # Stop
    stop_reason = models.CharField(max_length=20, blank=True)
    lapsed = models.BooleanField(default=False, help_text="Not chosen by anybody: a condition was missed (G15).")
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=DO_NOTHING, db_constraint=False, related_name="superseded_by"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=DO_NOTHING, db_constraint=False, related_name="+"
    )
    decided_by_name = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField()
    # Null, not empty, when nothing was sent by a form: only real keys must be unique.
    key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["id"]
        constraints = [
            # Two deciders in the same second make one decision: the second one hits this, on both databases.
            models.UniqueConstraint(
                fields=["event", "number"], condition=Q(supersedes__isnull=True), name="one_decision_per_round"
            ),
        ]
        indexes = [models.Index(fields=["program", "-id"], name="decision_program_newest")]

    def __str__(self) -> str:
        return f"{self.get_word_display()} (round {self.number})"
