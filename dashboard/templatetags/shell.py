"""The one number in the header. Must stay one cheap query a page."""

from typing import Any

from django import template

from core import clock
from dashboard.selectors.work import open_count

register = template.Library()


@register.simple_tag(takes_context=True)
def my_open_work(context: dict[str, Any]) -> int:
    """Return how much the signed-in person owes within a week: the view's own `open_work`, else one query."""
    known = context.get("open_work")
    if known is not None:
        return int(known)
    user = context["user"]
    return open_count(user, clock.today(user.time_zone))
