"""Reads share links, always from the database: nothing about a link is ever kept in a cache. Must not judge."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from programs.models import Portfolio, Program
from status_pages.enums import Trigger
from status_pages.models import ShareLink, StatusSnapshot


def links_of(program: Program | None, portfolio: Portfolio | None) -> list[ShareLink]:
    """Return the links of a program or a portfolio, newest first (one query)."""
    rows = ShareLink.objects.filter(program=program, portfolio=portfolio)
    return list(rows.select_related("made_by").defer("seen", "before"))


def links() -> QuerySet[ShareLink]:
    """Return all links with what is needed to judge them."""
    return ShareLink.objects.select_related("program__portfolio", "portfolio", "made_by")


def newest_of_portfolio(portfolio: Portfolio, *, published: bool) -> list[StatusSnapshot]:
    """Return the newest snapshot of each program of a portfolio, or the newest published one (one query)."""
    own = StatusSnapshot.objects.filter(program=OuterRef("program_id"))
    own = own.filter(trigger=Trigger.UPDATE) if published else own
    rows = StatusSnapshot.objects.filter(
        Exists(Program.objects.filter(pk=OuterRef("program_id"), portfolio=portfolio)),
        pk=Subquery(own.order_by("-taken_at", "-pk").values("pk")[:1]),
    )
    return list(rows.order_by("program_id"))
