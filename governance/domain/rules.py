"""Rhythms people choose, as iCalendar rules; and the check of a rule somebody writes by hand (S75). Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from governance.domain.recurrence import read

_ALWAYS_THERE = 28
"""The last day that every month has."""
_YEARS = 10
_NUMBER = re.compile(r"[1-9]\d{0,2}")
_SIGNED = re.compile(r"-?[1-9]\d{0,2}")
_WEEKDAY = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"\d{8}")
_FREQUENCIES = ("WEEKLY", "MONTHLY", "YEARLY")


class RuleFault(ValueError):
    """A rule that cannot be kept; the text names the place and what is wrong there."""


class Rhythm(StrEnum):
    """What the form offers."""

    ONCE = "once"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    RULE = "rule"

    @property
    def label(self) -> str:
        """Words on screen."""
        return {
            Rhythm.ONCE: "Once",
            Rhythm.WEEKLY: "Every week",
            Rhythm.MONTHLY: "Every month",
            Rhythm.QUARTERLY: "Every three months",
            Rhythm.HALF_YEARLY: "Every six months",
            Rhythm.YEARLY: "Every year",
            Rhythm.RULE: "By a rule of my own",
        }[self]


_MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}


def rule_of(rhythm: Rhythm, first: date) -> str:
    """The rule of a rhythm that begins on `first`; a month too short for its day uses its last one.

    Errors: RuleFault for `RULE`, whose words somebody has to write.
    """
    if rhythm is Rhythm.ONCE:
        return ""
    if rhythm is Rhythm.WEEKLY:
        return "FREQ=WEEKLY"
    if rhythm is Rhythm.RULE:
        raise RuleFault("Write the rule.")
    months = _MONTHS[rhythm]
    every = f"FREQ=MONTHLY;INTERVAL={months}" if months > 1 else "FREQ=MONTHLY"
    if first.day <= _ALWAYS_THERE:
        return f"{every};BYMONTHDAY={first.day}"
    days = ",".join(str(day) for day in range(_ALWAYS_THERE, first.day + 1))
    return f"{every};BYMONTHDAY={days};BYSETPOS=-1"


def check(text: str, first: date) -> str:
    """Return a rule in its one spelling. Errors: RuleFault naming the part at fault.

    Only what a governance calendar needs: weekly or rarer, and dates that really come; `first` is among them.
    """
    parts = text.strip().upper().removeprefix("RRULE:").split(";")
    seen: dict[str, str] = {}
    for number, part in enumerate(parts, start=1):
        name, found, value = part.strip().partition("=")
        place = f"Part {number}, {part.strip() or 'empty'}"
        if not found or not value:
            raise RuleFault(f"{place}: write it as NAME=VALUE, for example FREQ=MONTHLY.")
        if name in seen:
            raise RuleFault(f"{place}: {name} is there twice.")
        why = _why_not(name, value)
        if why:
            raise RuleFault(f"{place}: {why}")
        seen[name] = value
    if "FREQ" not in seen:
        raise RuleFault(f"FREQ is missing: one of {', '.join(_FREQUENCIES)}.")
    if "COUNT" in seen and "UNTIL" in seen:
        raise RuleFault("COUNT and UNTIL exclude each other; keep one.")
    if seen["FREQ"] == "WEEKLY" and "BYMONTHDAY" in seen:
        raise RuleFault("BYMONTHDAY does not go with FREQ=WEEKLY; use BYDAY.")
    clean = ";".join(f"{name}={value}" for name, value in seen.items())
    try:
        dates = [moment.date() for moment in islice(read(clean, first), 2)]
    except ValueError as error:
        raise RuleFault(f"It is no rule: {error}.") from error
    if not dates or dates[0] > first + timedelta(days=366 * _YEARS):
        raise RuleFault("It never falls on a day.")
    if dates[0] != first:
        raise RuleFault(f"Its first day is {dates[0].isoformat()}, not {first.isoformat()}; make the two agree.")
    return clean


def _why_not(name: str, value: str) -> str:
    match name:
        case "FREQ":
            return "" if value in _FREQUENCIES else f"choose one of {', '.join(_FREQUENCIES)}."
        case "INTERVAL" | "COUNT":
            return "" if _NUMBER.fullmatch(value) else "a whole number from 1 to 999."
        case "UNTIL":
            return "" if _UNTIL.fullmatch(value) and _a_day(value) else "a day as in 20271231."
        case "BYDAY":
            return "" if all(_WEEKDAY.fullmatch(each) for each in value.split(",")) else "weekdays as in MO or 1MO."
        case "BYMONTHDAY":
            return _within(value, 31)
        case "BYMONTH":
            return _within(value, 12, signed=False)
        case "BYSETPOS":
            return _within(value, 31)
        case _:
            return (
                f"{name} is not known here; FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH and BYSETPOS are."
            )


def _within(value: str, most: int, *, signed: bool = True) -> str:
    pattern = _SIGNED if signed else _NUMBER
    good = all(pattern.fullmatch(each) and abs(int(each)) <= most for each in value.split(","))
    return "" if good else f"whole numbers from 1 to {most}{' or with a minus from the end' if signed else ''}."


def _a_day(value: str) -> bool:
    try:
        date.fromisoformat(f"{value[:4]}-{value[4:6]}-{value[6:]}")
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class _Read:
    freq: str
    interval: int
    count: int
    plain: bool


def rhythm_of(rule: str, later: str, first: date) -> Rhythm:
    """The rhythm of the form that makes just these rules; `RULE` when none does."""
    if later:
        return Rhythm.RULE
    for rhythm in Rhythm:
        if rhythm is not Rhythm.RULE and rule == rule_of(rhythm, first):
            return rhythm
    return Rhythm.YEARLY if rule == "FREQ=YEARLY" else Rhythm.RULE


def in_words(rule: str, later: str = "") -> str:
    """A rhythm as people say it: "every three months", "weekly, 5 times, then monthly", else the rule itself."""
    if not rule:
        return "once"
    head = _say(rule)
    return f"{head}, then {_say(later)}" if later else head


def _say(rule: str) -> str:
    found = _read(rule)
    if not found.plain:
        return f"by the rule {rule}"
    unit = {"WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}[found.freq]
    number = found.interval
    if found.freq == "MONTHLY" and number == 12:
        unit, number = "year", 1
    named = {1: "every", 2: "every two", 3: "every three", 6: "every six"}.get(number, f"every {number}")
    said = f"{named} {unit}{'' if number == 1 else 's'}"
    return f"{said}, {found.count} times" if found.count else said


def _read(rule: str) -> _Read:
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    rest = set(parts) - {"FREQ", "INTERVAL", "COUNT", "BYMONTHDAY", "BYSETPOS"}
    # The days a rhythm of the form writes: one day of the month, or its end when the month is short.
    days = parts.get("BYSETPOS", "-1") == "-1" and ("BYSETPOS" in parts or "," not in parts.get("BYMONTHDAY", ""))
    plain = not rest and days and parts.get("FREQ") in _FREQUENCIES
    return _Read(parts.get("FREQ", ""), int(parts.get("INTERVAL", "1")), int(parts.get("COUNT", "0")), plain)
