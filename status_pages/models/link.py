"""A link that opens one read-only view to whoever has it (security.md section 4)."""

from django.db import models
from django.db.models import Q

from accounts.models import SecretAddress
from programs.models import Portfolio, Program
from status_pages.models.look import LastLook


class ShareLink(SecretAddress, LastLook):
    """One link for one program or one portfolio; a visit belongs to a generation of it and ends with that."""

    program = models.ForeignKey(Program, null=True, on_delete=models.CASCADE, related_name="share_links")
    portfolio = models.ForeignKey(Portfolio, null=True, on_delete=models.CASCADE, related_name="share_links")
    label = models.CharField(max_length=80, help_text="Whom it is for.")
    public_id = models.CharField(max_length=16, unique=True)
    passcode = models.CharField(max_length=160, blank=True, help_text="Slow hash; empty for none.")
    live = models.BooleanField(default=True, help_text="Live, or only what was published.")
    names = models.BooleanField(default=False, help_text="Whether people are named.")
    # With a default of the database, so that processes of the release before can still add links while it is upgraded.
    files = models.BooleanField(
        default=False, db_default=False, help_text="Whether slides and workbook may be taken beside the PDF."
    )
    expires_at = models.DateTimeField()
    views = models.PositiveIntegerField(default=0)
    last_seen_at = models.DateTimeField(null=True)

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
