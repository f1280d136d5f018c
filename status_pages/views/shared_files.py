"""Files of what a share link shows. The same shared documents as its pages; nothing else reaches a writer."""

from django.http import HttpResponse

from core import clock
from gates.domain.canonical import digest
from programs.models import Portfolio
from status_pages.domain.portfolio import Document, line_of, portfolio_document
from status_pages.domain.public import public
from status_pages.enums import Trigger
from status_pages.models import ShareLink
from status_pages.selectors.live import live_text, read, version_of
from status_pages.selectors.portfolio import MOST, Gathered, gather
from status_pages.selectors.snapshots import newest
from status_pages.views.files import portfolio_bytes, program_bytes, sent


def program_file(link: ShareLink, kind: str) -> HttpResponse | None:
    """Return the file of a program's link; None while nothing was published."""
    text = text_of(link)
    if not text:
        return None
    return sent(program_bytes(public(read(text), names=link.names), digest(text), kind), "status", kind)


def portfolio_file(link: ShareLink, kind: str) -> HttpResponse:
    """Return the file of a portfolio's link, with the worst programs first."""
    assert link.portfolio is not None  # noqa: S101 - a link is of one thing; this tells the type checker
    found = gather(link.portfolio, live=link.live, names=link.names, per_page=MOST)
    return sent(portfolio_bytes(document_of(link.portfolio, found), kind), "status", kind)


def document_of(portfolio: Portfolio, found: Gathered) -> Document:
    """Return the portfolio document of what was gathered."""
    lines = [line_of(doc) for doc in found.documents]
    return portfolio_document(portfolio.name, lines, today=clock.today("UTC"), total=found.total, colours=found.colours)


def text_of(link: ShareLink) -> str:
    """The document a link shows: live, or as last published; empty before anything was published."""
    if link.program is None:
        return ""
    if link.live:
        return live_text(link.program, version_of(link.program))
    kept = newest(link.program, Trigger.UPDATE)
    return kept.document if kept else ""
