"""On which dates a rule speaks about a due date. Pure calendar arithmetic; who is asked is not known here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from programs.domain.calendar import WorkCalendar
from reminders.domain.rules import Rule


@dataclass(frozen=True)
class Occurrence:
    """One date of a rule. `lead` is set for dates before the due date and for the day itself (0).

    `until` is the date on which the next occurrence takes over, None when it only makes sense on its own day.
    """

    name: str
    on: date
    lead: int | None = None
    until: date | None = None


def leads(rule: Rule, due: date, calendar: WorkCalendar, *, any_day: bool) -> Iterator[Occurrence]:
    """The dates before `due`, and `due` itself.

    The day itself is left out on a day off (its "1 before" falls on the working day before it), unless
    `any_day`: a gate's own day is announced even then.
    """
    return iter(_leads(tuple(rule.leads), due, calendar, any_day))


@lru_cache(maxsize=4096)
def _leads(wanted: tuple[int, ...], due: date, calendar: WorkCalendar, any_day: bool) -> tuple[Occurrence, ...]:
    """`leads`, remembered: many items of a program are due on one day."""
    found = []
    for lead in sorted(wanted, reverse=True):
        if lead:
            found.append(Occurrence(f"T-{lead}", calendar.add_working_days(due, -lead), lead))
        elif any_day or calendar.is_working_day(due):
            found.append(Occurrence("T0", due, 0, calendar.add_working_days(due, 1)))
    return tuple(found)


def repeats(rule: Rule, since: date, calendar: WorkCalendar, *, until: date) -> Iterator[Occurrence]:
    """The dates after `since`, each valid until the next, none later than `until`."""
    if not rule.first:
        return
    count, offset = 0, rule.first
    on = calendar.add_working_days(since, offset)
    while on <= until and (rule.at_most is None or count < rule.at_most):
        following = calendar.add_working_days(on, rule.every)
        yield Occurrence(f"+{offset}", on, None, following)
        count, offset, on = count + 1, offset + rule.every, following
