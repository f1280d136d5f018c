"""Reads share links, always from the database: nothing about a link is ever kept in a cache. Must not judge."""

from django.db.models import QuerySet

from programs.models import Portfolio, Program
from status_pages.models import ShareLink


def links_of(program: Program | None, portfolio: Portfolio | None) -> list[ShareLink]:
    """Return the links of a program or a portfolio, newest first (one query)."""
    rows = ShareLink.objects.filter(program=program, portfolio=portfolio)
    return list(rows.select_related("made_by").defer("seen", "before"))


def links() -> QuerySet[ShareLink]:
    """Return all links with what is needed to judge them."""
    return ShareLink.objects.select_related("program__portfolio", "portfolio", "made_by")
