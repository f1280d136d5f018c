"""A secret address a calendar program subscribes to (security.md section 4). Holds no token: only its hash."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from calendars.enums import FeedKind
from core.enums import choices
from programs.models import Portfolio, Program


class Feed(models.Model):
    """One feed of one person's dates, of one program, or of the status of a program or portfolio.

    It shows what its maker may see at the time it is fetched, and nothing once the maker may not.
    """

    kind = models.CharField(max_length=8, choices=choices(FeedKind))
    program = models.ForeignKey(Program, null=True, on_delete=models.CASCADE, related_name="calendar_feeds")
    portfolio = models.ForeignKey(Portfolio, null=True, on_delete=models.CASCADE, related_name="calendar_feeds")
    label = models.CharField(max_length=80, help_text="Which calendar it was put into.")
    token_hash = models.CharField(max_length=64, unique=True, help_text="Keyed SHA-256 of the token.")
    generation = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    fetches = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    # Null, not empty, when no form was involved: only real keys must be unique.
    form_key = models.CharField(max_length=40, null=True, unique=True, editable=False)  # noqa: DJ001 - see above

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=FeedKind.MINE, program__isnull=True, portfolio__isnull=True)
                | Q(kind=FeedKind.PROGRAM, program__isnull=False, portfolio__isnull=True)
                | Q(kind=FeedKind.STATUS, program__isnull=False, portfolio__isnull=True)
                | Q(kind=FeedKind.STATUS, program__isnull=True, portfolio__isnull=False),
                name="calendar_feed_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.label
