"""Words, colours and the meter of the pages after day 90. Must not query or decide."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from governance.enums import Finding, GovernanceKind
from governance.models import GovernanceEvent, GovernanceOccurrence
from governance.selectors.calendar import rhythm_words

register = template.Library()

_KINDS = {
    GovernanceKind.REVIEW: "Reviews",
    GovernanceKind.AUDIT: "Audits",
    GovernanceKind.UPDATE: "Updates",
    GovernanceKind.REASSESSMENT: "Reassessments",
}
_FINDINGS = {
    Finding.IN_ORDER: "green",
    Finding.ACTIONS: "amber",
    Finding.ESCALATED: "red",
    Finding.NOT_HELD: "grey",
}


@register.filter
def kindwords(kind: GovernanceKind) -> str:
    """Return the plural of a kind: "Audits"."""
    return _KINDS[kind]


@register.filter
def rhythm(event: GovernanceEvent) -> str:
    """Return how an event repeats, in words."""
    return rhythm_words(event)


@register.filter
def findcolour(row: GovernanceOccurrence) -> str:
    """Return the status value of what an occurrence came to."""
    return _FINDINGS[Finding(row.finding)]


@register.filter
def timeleft(day: dt.date, today: dt.date) -> str:
    """Write how far a day is away: "today", "in 5 days", "12 days ago", "in 3 months"."""
    days = (day - today).days
    if days in (-1, 0, 1):
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    far = abs(days)
    words = f"{far} days" if far < 60 else f"{round(far / 30.4)} months"
    return f"in {words}" if days > 0 else f"{words} ago"


@register.filter
def plain(value: object) -> str:
    """Write a number without zeros that say nothing: 12.5000 is "12.5"."""
    if value is None:
        return "?"
    text = f"{value:,f}" if hasattr(value, "normalize") else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.simple_tag
def meter(width: int, percent: int) -> SafeString:
    """Draw the way from baseline to target as a bar of 100, `width` of it reached; the number stands beside it."""
    return format_html(
        '<svg class="way" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{} % of the way">'
        '<rect class="k-all" width="100" height="6"/><rect class="k-part" width="{}" height="6"/></svg>',
        percent, width,
    )  # fmt: skip
