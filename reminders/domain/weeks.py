"""My week: what is due this week, told on its first morning to whoever asked for it. Pure, a part of the planner.

A person's programs each give one reminder of the week; composing puts them into one mail (`intents.week_key`). The week
is an ISO week of dates, which the recipient's own hour and zone turn into an instant.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from reminders.domain.around import Due
from reminders.domain.facts import MANAGER_ROLE, SPONSOR_ROLE, Person, ProgramFacts
from reminders.domain.occurrences import Occurrence
from reminders.domain.people import Addressee, asked_by_name, asked_for_item, asked_in_role
from reminders.domain.preferences import quiet_in
from reminders.domain.rules import Rule
from reminders.enums import Kind, Part, RuleSlug

STANDS = 2
"""Days for which the overview still makes sense: a week that began is not told on its Thursday."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekLine:
    """One thing of somebody's week."""

    kind: Kind
    id: int
    slug: str
    title: str
    due: date


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """The week of everybody who asked for it and has something due, for the weeks that touch `first` to `last`."""
    rule = table.get(RuleSlug.MY_WEEK)
    if rule is None:
        return
    for person in program.people.values():
        if not (person.active and person.preferences.week):
            continue
        monday = monday_of(first)
        while monday <= last:
            on = first_morning(program, person, monday)
            lines = week_of(program, person.id, monday) if on is not None else ()
            if on is not None and lines:
                number = len(lines)
                label = f"{number} thing{'s' if number != 1 else ''} due in {program.name}"
                moment = Occurrence(week_name(monday), on, None, on + timedelta(days=STANDS))
                asked = Addressee(person.id, Part.SUBSCRIBER, "")
                yield Due((Kind.WEEK, program.id, week_name(monday), label, monday), rule.slug, moment, (asked,))
            monday += _WEEK


def monday_of(on: date) -> date:
    """The Monday of the ISO week of `on`."""
    return on - timedelta(days=on.weekday())


def week_name(monday: date) -> str:
    """The ISO week, such as "2026-W05"."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def first_morning(program: ProgramFacts, person: Person, monday: date) -> date | None:
    """The first day of the week on which the person can be mailed; None when there is none."""
    quiet = quiet_in(person.preferences.quiet, program.calendar)
    for offset in range(7):
        on = monday + timedelta(days=offset)
        if on.weekday() not in quiet and program.calendar.is_working_day(on) and not person.away_on(on):
            return on
    return None


def week_of(program: ProgramFacts, user_id: int, monday: date) -> tuple[WeekLine, ...]:
    """What is due by the end of the week and asked of the person, what is late first."""
    sunday = monday + timedelta(days=6)
    lines = [
        line
        for line, asked in _everything(program, monday)
        if line.due <= sunday and any(who is not None and who.user_id == user_id for who in asked)
    ]
    return tuple(sorted(lines, key=lambda line: (line.due, line.kind, line.id)))


def _everything(program: ProgramFacts, on: date) -> Iterator[tuple[WeekLine, Iterable[Addressee | None]]]:
    """Every open thing with a date, and who would be asked for it on `on`."""
    for item in program.items:
        if not item.finished:
            yield WeekLine(item.kind, item.id, item.slug, item.label, item.due), (asked_for_item(program, item, on),)
    for event in program.events:
        if not event.decided:
            roles = {*event.gatekeepers, MANAGER_ROLE, SPONSOR_ROLE} if event.is_gate else {MANAGER_ROLE}
            asked = [asked_in_role(program, role, on) for role in roles]
            yield WeekLine(Kind.EVENT, event.id, event.slug, event.label, event.due), asked
    for hold in program.holds:
        asked = [asked_in_role(program, role, on) for role in (MANAGER_ROLE, SPONSOR_ROLE)]
        yield WeekLine(Kind.HOLD, hold.id, hold.slug, hold.label, hold.due), asked
    for ending in program.endings:
        who = asked_by_name(program, ending.requester, ending.requester_role, on, Part.REQUESTER)
        yield WeekLine(ending.kind, ending.id, ending.slug, ending.label, ending.due), (who,)
    for kind, dated in ((Kind.RISK, program.risks), (Kind.GOVERNANCE, program.governance)):
        for row in dated:
            yield WeekLine(kind, row.id, row.slug, row.label, row.due), (asked_in_role(program, row.role, on),)
    if program.updates is not None:
        for due in program.updates.due:
            line = WeekLine(Kind.UPDATE, program.id, program.updates.slug, program.updates.label, due)
            yield line, (asked_in_role(program, MANAGER_ROLE, on),)
