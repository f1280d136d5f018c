"""How numbers of metrics are written. Must not query or decide."""

from decimal import Decimal

from django import template

from metrics.domain.limits import plain

register = template.Library()


@register.filter
def trimmed(value: Decimal | None) -> str:
    """Write a number without zeros that say nothing: 12.5000 is "12.5"."""
    return plain(value)
