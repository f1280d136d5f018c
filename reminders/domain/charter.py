"""What the charter waits for: signatures, acknowledgements of the brief, contacts with stakeholders.

Pure, a part of the planner. Gaps of the data and dependencies are items like others (`facts.ItemFacts`).
"""

from collections.abc import Iterator, Mapping
from datetime import date

from reminders.domain.around import Due, Subject
from reminders.domain.facts import ProgramFacts
from reminders.domain.occurrences import repeats
from reminders.domain.people import asked_in_role
from reminders.domain.rules import Rule
from reminders.enums import RuleSlug


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """Everything of this kind that may touch the days from `first` to `last`: again and again until it is given."""
    for wanted in program.wanted:
        rule = table.get(wanted.rule)
        if rule is None:
            continue
        subject: Subject = (wanted.kind, wanted.id, wanted.slug, wanted.label, wanted.since)
        for moment in repeats(rule, wanted.since, program.calendar, until=last):
            if (moment.until or moment.on) >= first:
                yield Due(subject, rule.slug, moment, (asked_in_role(program, wanted.role, moment.on),))
