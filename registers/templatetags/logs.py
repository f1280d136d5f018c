"""Colour and word of a register row. Must not query or decide."""

from django import template

from registers.enums import DecisionKind, Result, ScopeState, Severity
from registers.models import Assumption, Issue, ScopeChange

register = template.Library()

RESULTS = {Result.HOLDS: ("green", "Holds"), Result.BROKEN: ("red", "Broken"), Result.UNCLEAR: ("amber", "Unclear")}
SEVERITIES = {
    Severity.LOW: ("grey", "Low"),
    Severity.MODERATE: ("amber", "Moderate"),
    Severity.HIGH: ("red", "High"),
    Severity.CRITICAL: ("red", "Critical"),
}
SCOPES = {
    ScopeState.REQUESTED: ("amber", "Waiting"),
    ScopeState.APPROVED: ("green", "Approved"),
    ScopeState.REFUSED: ("red", "Refused"),
    ScopeState.WITHDRAWN: ("grey", "Taken back"),
}


def _look(row: Assumption | Issue | ScopeChange) -> tuple[str, str]:
    match row:
        case Assumption():
            untested = ("amber" if row.rank else "grey", "Untested")
            return RESULTS[Result(row.result)] if row.result else untested
        case Issue():
            return SEVERITIES[Severity(row.severity)] if row.is_open else ("green", "Closed")
        case ScopeChange():
            return SCOPES[ScopeState(row.state)]


@register.filter
def colour(row: Assumption | Issue | ScopeChange) -> str:
    """Return the status value of a row: green, amber, red or grey."""
    return _look(row)[0]


@register.filter
def word(row: Assumption | Issue | ScopeChange) -> str:
    """Return the word for where a row stands."""
    return _look(row)[1]


@register.filter
def short(kind: str) -> str:
    """Return the first word of what a decision settles: "Hosting"."""
    return DecisionKind(kind).label.split(":")[0]


@register.filter
def signed(days: int) -> str:
    """Write days with their direction: 5 is "5 days later", -1 "1 day earlier", 0 "no change"."""
    if not days:
        return "no change"
    count = abs(days)
    return f"{count} {'day' if count == 1 else 'days'} {'later' if days > 0 else 'earlier'}"


@register.filter
def plain(value: object) -> str:
    """Write a number without zeros that say nothing: 12.50 is "12.5", 4.00 is "4"."""
    text = f"{value:,f}" if hasattr(value, "normalize") else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
