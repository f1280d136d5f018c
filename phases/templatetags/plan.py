"""Words for days: how far a date slipped, how far it lies ahead. Must not query or decide."""

from django import template

register = template.Library()


@register.filter
def slip(days: int) -> str:
    """Write a slip: 3 is "3 days later", -1 is "1 day earlier"."""
    count = abs(days)
    return f"{count} {'day' if count == 1 else 'days'} {'later' if days > 0 else 'earlier'}"


@register.filter
def ahead(days: int) -> str:
    """Write a distance from today: 0 is "today", 1 "tomorrow", 5 "in 5 days", -2 "2 days ago"."""
    if days == 0:
        return "today"
    if days == 1:
        return "tomorrow"
    if days > 1:
        return f"in {days} days"
    return "yesterday" if days == -1 else f"{-days} days ago"
