"""The decision log: only ever added to; the database itself refuses update and delete (S20, S21, S48-S50)."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from core.enums import choices
from programs.models import Program
from registers.domain.decisions import TRADES, lacks_trade_off, unweighed
from registers.enums import DecisionKind
from registers.models.base import RegisterRow


class DecisionRecord(RegisterRow):
    """One decision as it was taken; a correction is a new record that supersedes it.

    The program is named without a constraint in the database: a record that may not be deleted has to survive the
    program it belongs to (as an activity entry does).
    """

    program = models.ForeignKey(
        Program, on_delete=models.DO_NOTHING, db_constraint=False, related_name="decision_records"
    )
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=choices(DecisionKind))
    options = models.JSONField(default=list, help_text="Texts of the options that were considered.")
    chosen = models.TextField()
    reason = models.TextField()
    performance = models.TextField(blank=True)
    cost = models.TextField(blank=True)
    security = models.TextField(blank=True)
    time = models.TextField(blank=True)
    at_12_months = models.TextField(blank=True, help_text="How it looks in twelve months (S49).")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    dissent = models.TextField(blank=True)
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="decision_number_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("logs_decision", args=[self.program.slug, self.number])

    @property
    def trade_off(self) -> dict[str, str]:
        """What was weighed, by name (S21, S50)."""
        return {name: str(getattr(self, name)) for name in TRADES}

    @property
    def unweighed(self) -> tuple[str, ...]:
        """What the record says nothing about."""
        return unweighed(self.trade_off)

    @property
    def lacks_trade_off(self) -> bool:
        """Whether it is flagged: no trade-off note at all (S21)."""
        return lacks_trade_off(self.trade_off)
