"""After day 90: reminders of the calendar's dates, and what else a handed-over program still says (S75, S79).

Pure, a part of the planner. Hours and keys are the planner's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from reminders.domain.around import Due, ahead
from reminders.domain.facts import ProgramFacts
from reminders.domain.occurrences import repeats
from reminders.domain.people import asked_in_role
from reminders.domain.rules import Rule
from reminders.enums import Kind, RuleSlug


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """Each date of the calendar to its owner: ahead, on the day, and while it is neither held nor put off."""
    for event in program.governance:
        subject = (Kind.GOVERNANCE, event.id, event.slug, event.label, event.due)
        if rule := table.get(RuleSlug.GOVERNANCE_AHEAD):
            for moment in ahead(program, rule, event.due, first, last):
                yield Due(subject, rule.slug, moment, (asked_in_role(program, event.role, moment.on),))
        if rule := table.get(RuleSlug.GOVERNANCE_OVERDUE):
            for moment in repeats(rule, event.due, program.calendar, until=last):
                if (moment.until or moment.on) >= first:
                    yield Due(subject, rule.slug, moment, (asked_in_role(program, event.role, moment.on),))


def in_run(program: ProgramFacts, mini_gates: frozenset[int]) -> ProgramFacts:
    """What a program that was handed over still reminds of; the plan before day 90 is silent.

    Left are the calendar, conditions of its decisions, actions against its risks and their reviews, metrics, pending
    mini-gates with their criteria, holds and rounds, signed risks that end, updates that were published, and ownership
    areas with nobody: a system in use needs all of these. `mini_gates` are event ids.
    """
    events = tuple(event for event in program.events if event.id in mini_gates)
    slugs = {event.slug for event in events}
    listed = frozenset[int]().union(*(event.listed or () for event in events))
    return replace(
        program,
        items=tuple(
            item
            for item in program.items
            if item.kind in (Kind.CONDITION, Kind.ACTION) or (item.kind is Kind.CRITERION and item.id in listed)
        ),
        events=events,
        endings=tuple(ending for ending in program.endings if ending.kind is Kind.ACCEPTANCE),
        # A held mini-gate is no event here, so its hold is told by its slug.
        holds=tuple(hold for hold in program.holds if hold.slug.startswith("mini-gate-")),
        rounds=tuple(round_ for round_ in program.rounds if round_.slug in slugs),
        wanted=(),
        updates=replace(program.updates, due=()) if program.updates is not None else None,
    )
