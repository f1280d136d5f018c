"""Status updates in the planner: due, missed, published. Pure; who is asked and on which dates."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from reminders.domain.around import Due, Subject
from reminders.domain.facts import Person, ProgramFacts
from reminders.domain.occurrences import Occurrence, leads, repeats
from reminders.domain.people import Addressee, asked_in_role
from reminders.domain.rules import Rule
from reminders.domain.update_facts import PublishedFacts, UpdateFacts
from reminders.enums import Kind, Part, RuleSlug

STANDS = 3
"""Working days for which the news of a published update still makes sense."""
NEWS_DAYS = 10
"""Days after which an update is no news any more, also for whoever was away."""


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
    """The news on its day to every subscriber who may open the program.

    Who is away reads it on return, unless a newer one has come by then.
    """
    subject: Subject = (Kind.PUBLISHED, made.id, str(made.number), made.verdict, made.posted)
    newer = [other.posted for other in facts.published if other.number > made.number]
    asked: dict[tuple[str, date], list[Addressee]] = {}
    for pk, soon in facts.subscribers:
        person = program.people.get(pk)
        if person is None or not person.active or not program.open_to(person):
            continue
        back = _back(program, person, made.posted)
        if back is None or (back > made.posted and any(on <= back for on in newer)):
            continue
        until = program.calendar.add_working_days(back, STANDS)
        if until >= first:
            asked.setdefault(("now" if soon else "digest", until), []).append(Addressee(pk, Part.SUBSCRIBER, ""))
    for (name, until), people in asked.items():
        yield Due(subject, rule.slug, Occurrence(name, made.posted, None, until), tuple(people))


def _back(program: ProgramFacts, person: Person, on: date) -> date | None:
    """The day itself for whoever is there, else the first worked day on which they are; None when that is late."""
    if not person.away_on(on):
        return on
    days = (on + timedelta(days=ahead) for ahead in range(1, NEWS_DAYS))
    return next((day for day in days if program.calendar.is_working_day(day) and not person.away_on(day)), None)


def _asked(program: ProgramFacts, rule: Rule, on: date) -> tuple[Addressee | None, ...]:
    found: dict[int, Addressee] = {}
    for slug in rule.audience:
        who = asked_in_role(program, slug, on)
        if who is not None:
            found.setdefault(who.user_id, who)
    return tuple(found.values())
