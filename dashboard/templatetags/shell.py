"""The one number in the header. It may be a minute old, because working it out costs more than the rest of a page."""

from typing import Any

from django import template

from core import clock
from dashboard import services

register = template.Library()


@register.simple_tag(takes_context=True)
def my_open_work(context: dict[str, Any]) -> int:
    """Return how much the signed-in person owes within a week: the view's own `open_work`, else the kept number."""
    user, known = context["user"], context.get("open_work")
    if known is not None:
        services.keep_open_work(user, int(known))
        return int(known)
    return services.open_work(user, clock.today(user.time_zone))
