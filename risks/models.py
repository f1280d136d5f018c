"""Risk register, mitigation actions and escalation paths (S55-S58). Must not know gates."""

from django.conf import settings
from django.db import models
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse

from core.enums import choices
from metrics.models import Metric
from programs.enums import Duration
from programs.models import Program, Role
from risks.enums import Response


class EscalationPath(models.Model):
    """Who is told next, and after how long."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="escalation_paths")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    trigger = models.CharField(max_length=300)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="path_once_per_program")]

    def __str__(self) -> str:
        return self.name


class EscalationLevel(models.Model):
    """One rung: these roles, after this long since the path started."""

    path = models.ForeignKey(EscalationPath, on_delete=models.CASCADE, related_name="levels")
    position = models.PositiveSmallIntegerField()
    roles = models.ManyToManyField(Role, related_name="escalation_levels")
    amount = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=20, choices=choices(Duration))
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["path", "position"], name="rung_once_per_path")]

    def __str__(self) -> str:
        return f"{self.path}, level {self.position}"


class Risk(models.Model):
    """A risk in cause-event-impact words; likelihood and impact from 1 to 5, the scale stored with the program.

    `current_*` is what holds after what is really in place; only a completed action may lower it (G23).
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="risks")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    category = models.CharField(max_length=40)
    cause = models.TextField()
    event = models.TextField()
    impact = models.TextField()
    inherent_likelihood = models.PositiveSmallIntegerField()
    inherent_impact = models.PositiveSmallIntegerField()
    current_likelihood = models.PositiveSmallIntegerField()
    current_impact = models.PositiveSmallIntegerField()
    response = models.CharField(max_length=12, choices=choices(Response))
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="risks")
    path = models.ForeignKey(EscalationPath, on_delete=models.PROTECT, related_name="risks")
    raise_from_phase = models.CharField(max_length=60)
    refs = models.CharField(max_length=300, blank=True)
    named_in_article = models.BooleanField(default=False)
    target_likelihood = models.PositiveSmallIntegerField(null=True, help_text="Where the actions shall lead.")
    target_impact = models.PositiveSmallIntegerField(null=True)
    review_on = models.DateField(null=True, help_text="The day by which somebody looks at it again (S57).")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(null=True, help_text="When somebody added it; empty for one of the library.")
    raised_at = models.DateTimeField(null=True, help_text="When it was raised ahead of its phase, or by a rule (S29).")
    raised_because = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "slug"], name="risk_once_per_program")]

    def __str__(self) -> str:
        return self.event

    def get_absolute_url(self) -> str:
        """Address of the risk's page."""
        return reverse("risk", args=[self.program.slug, self.slug])

    @property
    def current_score(self) -> int:
        """Likelihood times impact as things stand (1-25)."""
        return self.current_likelihood * self.current_impact

    @property
    def inherent_score(self) -> int:
        """Likelihood times impact before anything is done about it (1-25)."""
        return self.inherent_likelihood * self.inherent_impact

    @property
    def target_score(self) -> int | None:
        """Likelihood times impact once the actions have worked; None while nobody set a target."""
        if self.target_likelihood is None or self.target_impact is None:
            return None
        return self.target_likelihood * self.target_impact


class RiskIndicator(models.Model):
    """An early sign that a risk is coming true."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    metric = models.ForeignKey(
        Metric,
        null=True,
        on_delete=models.SET_NULL,
        related_name="indicators",
        help_text="The metric that shows the sign: a breach of its limits flags the risk (S57).",
    )

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class MitigationAction(models.Model):
    """What lowers a risk: an action with an owner and, once agreed, a date."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="actions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="mitigation_actions")
    due_date = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proof = models.CharField(max_length=500, blank=True, help_text="What shows that it is done (G23).")
    added_at = models.DateTimeField(null=True, help_text="When somebody added it; empty for one of the library.")
    version = models.PositiveIntegerField(default=1)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class RiskScore(models.Model):
    """One change of a current score, only ever added to; the database itself refuses update and delete (G23).

    Old and new stand side by side, with the scale that was in force: a 12 means nothing without it. What it names is
    named without a constraint in the database, since a row that may not be deleted has to survive it.
    """

    risk = models.ForeignKey(Risk, on_delete=models.DO_NOTHING, db_constraint=False, related_name="scores")
    before_likelihood = models.PositiveSmallIntegerField()
    before_impact = models.PositiveSmallIntegerField()
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    scale = models.JSONField(help_text="Minimum, maximum, bands and tolerance when it was scored.")
    reason = models.CharField(max_length=500)
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    scored_at = models.DateTimeField()
    action = models.ForeignKey(
        MitigationAction,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="lowered",
        help_text="The finished action that a lower score rests on.",
    )
    self_verified = models.BooleanField(default=False, help_text="Whoever finished the action lowered it too (G2).")

    class Meta:
        ordering = ["id"]
        constraints = [
            # An action is spent once: two lowerings can never rest on the same one.
            models.UniqueConstraint(
                fields=["action"], condition=models.Q(action__isnull=False), name="risk_score_action_once"
            ),
            # Integers on both engines: multiplied, never divided.
            models.CheckConstraint(
                condition=models.Q(action__isnull=False)
                | models.Q(
                    GreaterThanOrEqual(
                        models.F("likelihood") * models.F("impact"),
                        models.F("before_likelihood") * models.F("before_impact"),
                    )
                ),
                name="risk_score_lower_with_action",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} to {self.score}"

    @property
    def before(self) -> int:
        """The score before the change."""
        return self.before_likelihood * self.before_impact

    @property
    def score(self) -> int:
        """The score after it."""
        return self.likelihood * self.impact


class RiskAcceptance(models.Model):
    """Somebody with the right to do so lives with a risk above tolerance until a date (G23); one in force per risk."""

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="acceptances")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    score = models.PositiveSmallIntegerField(help_text="The score that was accepted; a higher one is not covered.")
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["risk"], condition=models.Q(ended_at__isnull=True), name="acceptance_one_in_force_per_risk"
            )
        ]

    def __str__(self) -> str:
        return f"{self.risk} accepted until {self.expires_on}"
