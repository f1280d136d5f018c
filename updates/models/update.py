"""A status update and its acknowledgement. Only ever added to: the database refuses update and delete."""

from django.conf import settings
from django.db import models
from django.db.models import DO_NOTHING, Q
from django.urls import reverse

from programs.models import Program

COLOURS = [(c, c.capitalize()) for c in ("grey", "red", "amber", "green")]


class StatusUpdate(models.Model):
    """What the program manager published: colour beside the computed one, a verdict, the way back, one ask.

    References carry no constraint in the database where the record has to survive what it names.
    """

    program = models.ForeignKey(Program, on_delete=DO_NOTHING, db_constraint=False, related_name="status_updates")
    number = models.PositiveIntegerField()
    colour = models.CharField(max_length=8, choices=COLOURS, help_text="Declared by the program manager.")
    computed = models.CharField(max_length=8, choices=COLOURS, help_text="By the rules, at the time.")
    computed_sentence = models.CharField(max_length=500, blank=True)
    verdict = models.CharField(max_length=220)
    reason = models.CharField(max_length=1000, blank=True, help_text="Why declared differs from computed.")
    way_back = models.CharField(max_length=400, blank=True)
    way_back_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=DO_NOTHING, db_constraint=False, related_name="+"
    )
    way_back_on = models.DateField(null=True)
    facts = models.JSONField(default=list, help_text="List of {group, text}: what the record said since the last one.")
    ask = models.JSONField(default=dict, help_text="{question, options, recommended, by, silence}, empty for none.")
    since = models.DateTimeField(null=True, help_text="The update before; null for the first.")
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=DO_NOTHING, db_constraint=False, related_name="+")
    posted_at = models.DateTimeField()
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="update_number_once"),
            models.CheckConstraint(
                condition=~(Q(colour__in=["amber", "red"]) | Q(computed__in=["amber", "red"]))
                | (~Q(way_back="") & Q(way_back_owner__isnull=False) & Q(way_back_on__isnull=False)),
                name="update_off_track_has_a_way_back",
            ),
        ]

    def __str__(self) -> str:
        return self.verdict

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("update", args=[self.program.slug, self.number])

    @property
    def differs(self) -> bool:
        """Whether the manager saw it differently from the rules."""
        return self.colour != self.computed


class Acknowledgement(models.Model):
    """The sponsor has read an update; once per update, also append-only."""

    update = models.OneToOneField(
        StatusUpdate, on_delete=DO_NOTHING, db_constraint=False, related_name="acknowledgement"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=DO_NOTHING, db_constraint=False, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Read by {self.by_id} at {self.at:%Y-%m-%d %H:%M}"
