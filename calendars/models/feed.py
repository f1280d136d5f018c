"""A secret address a calendar program subscribes to (security.md section 4)."""

from django.db import models
from django.db.models import Q

from accounts.models import SecretAddress
from calendars.enums import FeedKind
from core.enums import choices
from programs.models import Portfolio, Program


class Feed(SecretAddress):
    """One feed of one person's dates, of one program, or of the status of a program or portfolio.

    It shows what its maker may see at the time it is fetched, and nothing once the maker may not.
    """

    kind = models.CharField(max_length=8, choices=choices(FeedKind))
    program = models.ForeignKey(Program, null=True, on_delete=models.CASCADE, related_name="calendar_feeds")
    portfolio = models.ForeignKey(Portfolio, null=True, on_delete=models.CASCADE, related_name="calendar_feeds")
    label = models.CharField(max_length=80, help_text="Which calendar it was put into.")
    fetches = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)

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
