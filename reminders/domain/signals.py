"""What metrics ask of their owners: a reading that is late, a limit that was breached (S54, S72).

Pure, a part of the planner. Who is asked and on which dates; hours and keys are the planner's.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from reminders.domain.around import Due, Subject
from reminders.domain.facts import ProgramFacts, SignalFacts
from reminders.domain.occurrences import Occurrence, leads, repeats
from reminders.domain.people import asked_in_role
from reminders.domain.rules import Rule
from reminders.enums import Kind, Part, RuleSlug

RULES = {Kind.METRIC: RuleSlug.READING_OVERDUE, Kind.ALERT: RuleSlug.LIMIT_BREACHED}


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """Everything of this kind that may touch the days from `first` to `last`.

    A breach is told on its own day, at once if the owner's hour has passed, and again each working day until somebody
    acknowledges it; on a day off the next working day is the first (rule 5).
    """
    for signal in program.signals:
        rule = table.get(RULES[signal.kind])
        if rule is None:
            continue
        subject: Subject = (signal.kind, signal.id, signal.slug, signal.label, signal.due)
        for moment in _moments(program, rule, signal, last):
            if moment.on <= last and (moment.until or moment.on) >= first:
                asked = asked_in_role(program, signal.role, moment.on, Part.RESPONSIBLE)
                yield Due(subject, rule.slug, moment, (asked,))


def _moments(program: ProgramFacts, rule: Rule, signal: SignalFacts, last: date) -> Iterator[Occurrence]:
    yield from leads(rule, signal.due, program.calendar, any_day=False)
    yield from repeats(rule, signal.due, program.calendar, until=last)
