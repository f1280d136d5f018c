"""What steers the engine: rules per program, how far each program is planned, the engine's own state, the mailbox."""

from django.db import models
from django.db.models import Q

from programs.models import Program
from reminders.models.lists import rules


class Rule(models.Model):
    """One reminder rule of one program, copied at launch; `definition` is checked by `domain.rules`."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="reminder_rules")
    slug = models.CharField(max_length=30, choices=rules)
    definition = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="rule_once_per_program")]

    def __str__(self) -> str:
        return f"{self.program_id}: {self.slug}"


class ProgramPlan(models.Model):
    """How far the reminders of a program are planned; `dirty` asks for planning at the next tick.

    `error` keeps the last fault of planning; the program is tried again at `retry_at` and never blocks the others.
    """

    program = models.OneToOneField(Program, primary_key=True, on_delete=models.CASCADE, related_name="reminder_plan")
    planned_through = models.DateTimeField(null=True)
    dirty = models.BooleanField(default=True)
    day_kept = models.DateField(null=True, help_text="The program's last day whose reading is kept.")
    error = models.CharField(max_length=300, blank=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Polled by services.planning on every tick.
            models.Index(fields=["program"], name="plan_dirty", condition=Q(dirty=True)),
            models.Index(fields=["planned_through"], name="plan_through"),
            # Polled by services.days on every tick.
            models.Index(fields=["day_kept"], name="plan_day_kept"),
        ]

    def __str__(self) -> str:
        return f"program {self.program_id} planned through {self.planned_through}"


class EngineState(models.Model):
    """The one row about the engine itself: its heartbeat, its pause switch, the mail server's circuit (P23)."""

    last_tick = models.DateTimeField(null=True)
    last_send = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    circuit_until = models.DateTimeField(null=True, help_text="Nothing is sent before; the server was unreachable.")
    circuit_failures = models.PositiveSmallIntegerField(default=0)
    circuit_reason = models.CharField(max_length=300, blank=True)
    last_tick_ms = models.PositiveIntegerField(null=True, help_text="How long the last pass took.")
    last_counts = models.JSONField(null=True, help_text="What the last pass did, by name.")
    restored_at = models.DateTimeField(null=True, help_text="When this copy was made ready after a restore (P18).")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="engine_state_is_one_row")]

    def __str__(self) -> str:
        return f"engine, last tick {self.last_tick}"


class MailboxMessage(models.Model):
    """A mail kept by the application itself while no mail server is set: one row per recipient."""

    recipient = models.EmailField(max_length=254)
    sender = models.CharField(max_length=254)
    subject = models.CharField(max_length=400)
    message_id = models.CharField(max_length=200)
    raw = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["recipient", "-id"], name="mailbox_of_recipient")]

    def __str__(self) -> str:
        return f"to {self.recipient}: {self.subject}"
