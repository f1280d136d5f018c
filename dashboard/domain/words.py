"""Sentences made of facts: the verdict of a program, days in words. Pure; must not decide a status."""

import datetime as dt

# The verdict stands below every page that says it; its words are taken from there.
from gates.domain.verdict import VerdictFacts as VerdictFacts
from gates.domain.verdict import in_days as in_days
from gates.domain.verdict import verdict as verdict


def late(days: int) -> str:
    """Write a lateness: "1 day late", "3 days late"."""
    return f"{days} day{'s' if days != 1 else ''} late"


def since(date: dt.date, today: dt.date) -> str:
    """Write how long something has been so: "since today", "for 6 days"."""
    days = (today - date).days
    return "since today" if days <= 0 else f"for {days} day{'s' if days != 1 else ''}"


def recently(date: dt.date, today: dt.date) -> str:
    """Write a past date in a narrow column: "today", "yesterday", "12 days ago"."""
    days = (today - date).days
    return in_days(-days) if days >= 0 else in_days(0)


def greeting(hour: int) -> str:
    """Greet by the hour of the day (0 to 23) where the reader is."""
    if hour < 5 or hour >= 18:
        return "Good evening"
    return "Good morning" if hour < 12 else "Good afternoon"
