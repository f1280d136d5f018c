"""Prints the text dates of a status document. Must not query."""

import datetime as dt
from zoneinfo import ZoneInfo

from django import template

from core.templatetags.ui import day, shortday

register = template.Library()


@register.filter
def isoday(value: str | None) -> str:
    """Write "2026-11-17" as "Tue 17 Nov"; empty for nothing."""
    return day(dt.date.fromisoformat(value)) if value else ""


@register.filter
def isoshort(value: str | None) -> str:
    """Write "2026-11-17" as "17 Nov"."""
    return shortday(dt.date.fromisoformat(value)) if value else ""


@register.filter
def isomoment(value: str | None, zone: str = "UTC") -> str:
    """Write an instant of the document as "17 Nov 2026 at 09:12" in a time zone."""
    if not value:
        return ""
    local = dt.datetime.fromisoformat(value).astimezone(ZoneInfo(zone or "UTC"))
    return f"{local.day} {local:%b %Y} at {local:%H:%M}"


@register.filter
def maybe_iso(value: str) -> str:
    """Write a text that may be a date: dates as people read them, everything else as it is."""
    try:
        return day(dt.date.fromisoformat(value))
    except ValueError:
        return value
