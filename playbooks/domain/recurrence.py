"""Turn the rhythms of a governance event into iCalendar rules (RFC 5545 RRULE values).

Must not compute the occurrences: whoever shows a calendar does.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from playbooks.domain.run_parts import Rhythm

_DAYS_ALWAYS_THERE = 28


def rrules(rhythms: Sequence[Rhythm], first: date, first_day: int) -> tuple[str, ...]:
    """The rules for an event that first happens on `first`, program day `first_day`; none for once (S75).

    Each rule takes over where the one before ran out. A stretch with `until_day` ends at its last date on or before
    that day. A month too short for the day of the month uses its last day instead of being left out.
    """
    rules = []
    anchor, day = first, first_day
    for rhythm in rhythms:
        if rhythm.until_day is None:
            rules.append(_endless(rhythm, anchor))
            break
        weeks = 7 * rhythm.interval
        steps = max(0, rhythm.until_day - day) // weeks
        rules.append(_with_interval("FREQ=WEEKLY", rhythm.interval) + f";COUNT={steps + 1}")
        anchor += timedelta(days=weeks * steps)
        day += weeks * steps
    return tuple(rules)


def _endless(rhythm: Rhythm, anchor: date) -> str:
    if rhythm.freq == "weekly":
        return _with_interval("FREQ=WEEKLY", rhythm.interval)
    if anchor.day <= _DAYS_ALWAYS_THERE:
        rule = _with_interval(f"FREQ={rhythm.freq.upper()}", rhythm.interval)
        return rule + (f";BYMONTHDAY={anchor.day}" if rhythm.freq == "monthly" else "")
    months = rhythm.interval * (12 if rhythm.freq == "yearly" else 1)
    days = ",".join(str(day) for day in range(_DAYS_ALWAYS_THERE, anchor.day + 1))
    return _with_interval("FREQ=MONTHLY", months) + f";BYMONTHDAY={days};BYSETPOS=-1"


def _with_interval(rule: str, interval: int) -> str:
    return rule if interval == 1 else f"{rule};INTERVAL={interval}"
