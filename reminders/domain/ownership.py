"""Who is asked to accept a seat and has not answered: reminded until they do. Pure, a part of the planner.

While the seat owns an area, the area is as good as vacant until then, so whoever answers for the program hears of it
as well (reminders.md, "ownership waiting for acceptance, area vacant").
"""

from collections.abc import Iterator, Mapping
from datetime import date

from reminders.domain.around import Due, Subject
from reminders.domain.facts import NominationFacts, ProgramFacts
from reminders.domain.occurrences import repeats
from reminders.domain.people import Addressee, asked_in_role
from reminders.domain.rules import Rule
from reminders.enums import Kind, Part, RuleSlug


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """Every reminder of an open nomination that may touch the days from `first` to `last`.

    Nobody stands in for a nominee: accepting is theirs alone. Who is away is asked on return.
    """
    owning = {area.role for area in program.areas}
    for nomination in program.nominations:
        if (rule := table.get(RuleSlug.OWNERSHIP_WAITING)) and "nominee" in rule.audience:
            yield from _asked(program, rule, nomination, first, last)
        if (rule := table.get(RuleSlug.AREA_UNACCEPTED)) and nomination.role in owning and _named(program, nomination):
            yield from _told(program, rule, nomination, first, last)


def _asked(program: ProgramFacts, rule: Rule, asked: NominationFacts, first: date, last: date) -> Iterator[Due]:
    person = program.people.get(asked.person)
    if person is None or not person.active:
        return
    who = Addressee(asked.person, Part.NOMINEE, asked.role)
    for moment in repeats(rule, asked.since, program.calendar, until=last):
        if (moment.until or moment.on) >= first:
            yield Due(_subject(asked), rule.slug, moment, (who,))


def _named(program: ProgramFacts, asked: NominationFacts) -> bool:
    """Whether the person sits there already without a word: an empty seat and a handover are told elsewhere."""
    role = program.roles.get(asked.role)
    return role is not None and asked.person in (role.holder, role.deputy)


def _told(program: ProgramFacts, rule: Rule, asked: NominationFacts, first: date, last: date) -> Iterator[Due]:
    """Those who answer for the program; never the nominee, who is asked already."""
    for moment in repeats(rule, asked.since, program.calendar, until=last):
        if (moment.until or moment.on) >= first:
            found = [asked_in_role(program, slug, moment.on) for slug in rule.audience]
            others = {who.user_id: who for who in found if who is not None and who.user_id != asked.person}
            yield Due(_subject(asked), rule.slug, moment, tuple(others.values()))


def _subject(asked: NominationFacts) -> Subject:
    return Kind.NOMINATION, asked.id, asked.role, asked.label, asked.since
