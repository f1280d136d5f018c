"""Who is asked to accept a seat and has not answered: reminded until they do. Pure, a part of the planner."""

from collections.abc import Iterator, Mapping
from datetime import date

from reminders.domain.around import Due, Subject
from reminders.domain.facts import NominationFacts, ProgramFacts
from reminders.domain.occurrences import repeats
from reminders.domain.people import Addressee
from reminders.domain.rules import Rule
from reminders.enums import Kind, Part, RuleSlug


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """Every reminder of an open nomination that may touch the days from `first` to `last`.

    Nobody stands in for a nominee: accepting is theirs alone. Who is away is asked on return.
    """
    rule = table.get(RuleSlug.OWNERSHIP_WAITING)
    if rule is None or "nominee" not in rule.audience:
        return
    for nomination in program.nominations:
        person = program.people.get(nomination.person)
        if person is None or not person.active:
            continue
        yield from _asked(program, rule, nomination, first, last)


def _asked(program: ProgramFacts, rule: Rule, asked: NominationFacts, first: date, last: date) -> Iterator[Due]:
    subject: Subject = (Kind.NOMINATION, asked.id, asked.role, asked.label, asked.since)
    who = Addressee(asked.person, Part.NOMINEE, asked.role)
    for moment in repeats(rule, asked.since, program.calendar, until=last):
        if (moment.until or moment.on) >= first:
            yield Due(subject, rule.slug, moment, (who,))
