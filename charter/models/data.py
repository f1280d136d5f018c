"""The register of data sources, what checks of them said, and gaps between proof of concept and live (S33-S37)."""

from django.db import models
from django.urls import reverse

from charter.domain.data import FOUR, missing
from charter.enums import CheckKind, Finding, GapSize
from core.enums import choices
from programs.models import Program, Role
from registers.models.base import ChangingRow, RegisterRow


class DataSource(ChangingRow):
    """One source. Owner and quality keeper are words: they often sit outside the program and have no account."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="data_sources")
    name = models.CharField(max_length=200)
    holds = models.TextField(blank=True, help_text="What is in it and how often it comes.")
    owner = models.CharField(max_length=200, blank=True)
    access_route = models.CharField(max_length=400, blank=True)
    quality_keeper = models.CharField(max_length=200, blank=True)
    quality_limits = models.CharField(max_length=400, blank=True)
    rights = models.CharField(max_length=400, blank=True)
    retention = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="source_number_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("charter_source", args=[self.program.slug, self.number])

    @property
    def missing(self) -> list[str]:
        """Which of the four things are not filled (S36); empty means complete."""
        return missing({name: str(getattr(self, name)) for fields in FOUR.values() for name in fields})


class DataCheck(RegisterRow):
    """What a check of a source said, with its proof and the day; the newest of a kind counts (S35). Never changed."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="data_checks")
    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=16, choices=choices(CheckKind))
    finding = models.CharField(max_length=8, choices=choices(Finding))
    proof = models.TextField()
    checked_on = models.DateField()

    class Meta:
        ordering = ["-checked_on", "-number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="data_check_number_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.kind} {self.finding}"


class DataGap(ChangingRow):
    """Where the data of the proof of concept differs from live data, how much, and what is done about it (S34)."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="data_gaps")
    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="gaps")
    title = models.CharField(max_length=200)
    in_poc = models.TextField()
    in_live = models.TextField()
    size = models.CharField(max_length=8, choices=choices(GapSize))
    plan = models.TextField(blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.RESTRICT, related_name="data_gaps")
    due_date = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    resolution = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="data_gap_number_once"),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, resolution="")
                | (models.Q(closed_on__isnull=False) & ~models.Q(resolution="")),
                name="data_gap_closed_with_words",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether something is still owed."""
        return self.closed_on is None
