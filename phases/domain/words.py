"""Days in words, for messages and records. Pure; pages use the template filter `day`, which knows the year."""

import datetime as dt


def in_words(day: dt.date) -> str:
    """Write a date as "Tue 3 Nov" (English, as all messages of services are)."""
    return f"{day:%a} {day.day} {day:%b}"
