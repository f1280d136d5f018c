"""Where a stakeholder group stands, how often it is spoken to, and when that happened (S41)."""

from django.db import models

from charter.enums import Stance
from core.enums import choices
from programs.models import Program, Role, StakeholderGroup
from registers.models.base import RegisterRow


class StakeholderPlan(models.Model):
    """What the team keeps about a group that came with the playbook; without this row the playbook's words count."""

    group = models.OneToOneField(StakeholderGroup, on_delete=models.CASCADE, related_name="plan")
    stance = models.CharField(max_length=10, choices=choices(Stance), default=Stance.UNKNOWN)
    cadence_days = models.PositiveSmallIntegerField(null=True, help_text="Calendar days; empty: no rhythm.")
    owner_role = models.ForeignKey(Role, on_delete=models.RESTRICT, related_name="stakeholder_plans")
    next_on = models.DateField(null=True, help_text="The day agreed for the next contact.")
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Plan for {self.group}"


class StakeholderContact(RegisterRow):
    """One contact: when, and what came of it. Never changed."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="stakeholder_contacts")
    group = models.ForeignKey(StakeholderGroup, on_delete=models.CASCADE, related_name="contacts")
    on = models.DateField()
    note = models.TextField()

    class Meta:
        ordering = ["-on", "-number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="contact_number_once")]

    def __str__(self) -> str:
        return f"{self.group}, {self.on}"
