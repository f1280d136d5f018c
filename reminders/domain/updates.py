"""Status updates in the planner: due, missed, published. Pure; who is asked and on which dates."""

from collections.abc import Iterator, Mapping
from datetime import date

from reminders.domain.around import Due, Subject
from reminders.domain.facts import ProgramFacts
from reminders.domain.occurrences import Occurrence, leads, repeats
from reminders.domain.people import Addressee, asked_in_role
from reminders.domain.rules import Rule
from reminders.domain.update_facts import PublishedFacts, UpdateFacts
from reminders.enums import Kind, Part, RuleSlug

STANDS = 3
"""Working days for which the news of a published update still makes sense."""


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """Everything about updates that may touch the days from `first` to `last`."""
    facts = program.updates
    if facts is None:
        return
    for due in facts.due:
        yield from _missing(program, table, facts, due, first, last)
    rule = table.get(RuleSlug.UPDATE_PUBLISHED)
    if rule is not None:
        for made in facts.published:
            yield from _published(program, rule, facts, made, first)


def _missing(
    program: ProgramFacts, table: Mapping[RuleSlug, Rule], facts: UpdateFacts, due: date, first: date, last: date
) -> Iterator[Due]:
    """The manager on the day; from the next working day the sponsor as well."""
    subject: Subject = (Kind.UPDATE, facts.program_id, facts.slug, facts.label, due)
    if rule := table.get(RuleSlug.UPDATE_DUE):
        for moment in leads(rule, due, program.calendar, any_day=False):
            if moment.on <= last and (moment.until or moment.on) >= first:
                yield Due(subject, rule.slug, moment, _asked(program, rule, moment.on))
    if rule := table.get(RuleSlug.UPDATE_MISSED):
        for moment in repeats(rule, due, program.calendar, until=last):
            if (moment.until or moment.on) >= first:
                yield Due(subject, rule.slug, moment, _asked(program, rule, moment.on))


def _published(
    program: ProgramFacts, rule: Rule, facts: UpdateFacts, made: PublishedFacts, first: date
) -> Iterator[Due]:
    subject: Subject = (Kind.PUBLISHED, made.id, str(made.number), made.verdict, made.posted)
    until = program.calendar.add_working_days(made.posted, STANDS)
    if until < first:
        return
    for at_once, name in ((True, "now"), (False, "digest")):
        people = [program.people.get(pk) for pk, soon in facts.subscribers if soon is at_once]
        asked = tuple(
            Addressee(person.id, Part.SUBSCRIBER, "")
            for person in people
            if person is not None and person.active and not person.away_on(made.posted)
        )
        yield Due(subject, rule.slug, Occurrence(name, made.posted, None, until), asked)


def _asked(program: ProgramFacts, rule: Rule, on: date) -> tuple[Addressee | None, ...]:
    found: dict[int, Addressee] = {}
    for slug in rule.audience:
        who = asked_in_role(program, slug, on)
        if who is not None:
            found.setdefault(who.user_id, who)
    return tuple(found.values())
