"""A link that opens one read-only view to whoever has it (security.md section 4). Holds no token: only its hash."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from programs.models import Portfolio, Program
from status_pages.models.look import LastLook


class ShareLink(LastLook):
    """One link for one program or one portfolio; `generation` grows when its token is renewed, ending old visits."""

    program = models.ForeignKey(Program, null=True, on_delete=models.CASCADE, related_name="share_links")
    portfolio = models.ForeignKey(Portfolio, null=True, on_delete=models.CASCADE, related_name="share_links")
    label = models.CharField(max_length=80, help_text="Whom it is for.")
    public_id = models.CharField(max_length=16, unique=True)
    token_hash = models.CharField(max_length=64, unique=True, help_text="Keyed SHA-256 of the token.")
    generation = models.PositiveIntegerField(default=1)
    passcode = models.CharField(max_length=160, blank=True, help_text="Slow hash; empty for none.")
    live = models.BooleanField(default=True, help_text="Live, or only what was published.")
    names = models.BooleanField(default=False, help_text="Whether people are named.")
    # With a default of the database, so that processes of the release before can still add links while it is upgraded.
    files = models.BooleanField(
        default=False, db_default=False, help_text="Whether slides and workbook may be taken beside the PDF."
    )
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    last_seen_at = models.DateTimeField(null=True)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(program__isnull=False, portfolio__isnull=True)
                | Q(program__isnull=True, portfolio__isnull=False),
                name="share_link_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.label
