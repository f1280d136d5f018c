"""Gathers the status documents of a portfolio for those who have its link. Must not judge the link.

A published link shows each program as its last update left it. A live one shows it as it is now; more than a few that
changed are not worked out while somebody waits: the rest is shown as last kept, and every line says of which day it is.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Max, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from activity.models import Entry
from core import clock
from programs.enums import ProgramState
from programs.models import Portfolio, Program
from status_pages.domain.portfolio import ORDER
from status_pages.domain.public import public
from status_pages.enums import Trigger
from status_pages.models import StatusSnapshot
from status_pages.selectors.live import live_texts, read

SHOWN = (ProgramState.ACTIVE, ProgramState.PAUSED, ProgramState.RUNNING)
PER_PAGE = 50
AT_ONCE = 25
"""Documents worked out anew for one answer."""
MOST = 500
"""Programs in one file."""


@dataclass(frozen=True)
class Gathered:
    """Some programs' shared documents, worst first, and what all of them are."""

    documents: list[dict[str, Any]]
    total: int
    colours: dict[str, int]
    page: int
    pages: int


def gather(portfolio: Portfolio, *, live: bool, names: bool, page: int = 1, per_page: int = PER_PAGE) -> Gathered:
    """Return one page of the programs of a portfolio (four queries, and those of each document made anew)."""
    rows = _programs(portfolio, published=not live)
    counted = Counter(rows.order_by().values_list("colour", flat=True))
    total = sum(counted.values())
    pages = max(1, -(-total // per_page))
    page = min(max(1, page), pages)
    listed = list(rows[(page - 1) * per_page : page * per_page])
    texts = live_texts(listed, AT_ONCE, [p.pk for p in listed if p.kept is None]) if live else {}
    stored = StatusSnapshot.objects.in_bulk([p.kept for p in listed if p.pk not in texts])
    found = [read(texts[p.pk] if p.pk in texts else stored[p.kept].document) for p in listed]
    found.sort(key=lambda doc: (ORDER.index(doc["status"]["colour"]), doc["program"]["name"]))
    # When everything is on this page, what it says counts, not what was kept of it.
    colours = Counter(doc["status"]["colour"] for doc in found) if pages == 1 else counted
    return Gathered([public(doc, names=names) for doc in found], total, dict(colours), page, pages)


def _programs(portfolio: Portfolio, *, published: bool) -> "QuerySet[Any]":
    """The programs with what was kept of them, worst first; nobody's type knows the annotations."""
    own = StatusSnapshot.objects.filter(program=OuterRef("pk")).order_by("-taken_at", "-pk")
    own = own.filter(trigger=Trigger.UPDATE) if published else own
    rows = Program.objects.filter(portfolio=portfolio, state__in=SHOWN).select_related("portfolio")
    rows = rows.annotate(
        kept=Subquery(own.values("pk")[:1]), colour=Coalesce(Subquery(own.values("colour")[:1]), Value("grey"))
    )
    rows = rows.exclude(kept=None) if published else rows
    ranks = [When(colour=colour, then=Value(rank)) for rank, colour in enumerate(ORDER)]
    return rows.order_by(Case(*ranks, default=Value(len(ORDER)), output_field=IntegerField()), "name", "pk")


def version_of_portfolio(portfolio: Portfolio, *, live: bool) -> str:
    """Name the state of what a link shows: the newest entry of its programs and the hour, or the newest snapshot.

    One query. The hour, because programs of other time zones begin their days within it.
    """
    own = Program.objects.filter(portfolio=portfolio).values("pk")
    if not live:
        rows = StatusSnapshot.objects.filter(program__in=own, trigger=Trigger.UPDATE)
        return f"{rows.aggregate(newest=Max('pk'))['newest'] or 0}"
    newest = Entry.objects.filter(program_id__in=own).order_by("-id").values_list("pk", flat=True).first()
    return f"{newest or 0}.{clock.now():%Y%m%d%H}"
