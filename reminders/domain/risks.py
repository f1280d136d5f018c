"""Reminders that a risk wants to be looked at again (S57). Pure, a part of the planner.

Mitigation actions need nothing here: they are items with an owner and a date, ladder included.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from reminders.domain.around import Due, Subject
from reminders.domain.facts import ProgramFacts, RiskFacts
from reminders.domain.occurrences import Occurrence, leads, repeats
from reminders.domain.people import asked_in_role
from reminders.domain.rules import Rule
from reminders.enums import Kind, RuleSlug


def reminders(program: ProgramFacts, table: Mapping[RuleSlug, Rule], first: date, last: date) -> Iterator[Due]:
    """Everything of this kind that may touch the days from `first` to `last`: ahead, on the day, while it is late."""
    rule = table.get(RuleSlug.RISK_REVIEW)
    if rule is None:
        return
    for risk in program.risks:
        subject: Subject = (Kind.RISK, risk.id, risk.slug, risk.label, risk.due)
        for moment in _moments(program, rule, risk, first, last):
            yield Due(subject, rule.slug, moment, (asked_in_role(program, risk.role, moment.on),))


def _moments(program: ProgramFacts, rule: Rule, risk: RiskFacts, first: date, last: date) -> Iterator[Occurrence]:
    if risk.due > last + timedelta(days=3 * max(rule.leads, default=0) + 30):
        return
    found = [*leads(rule, risk.due, program.calendar, any_day=False)]
    found += repeats(rule, risk.due, program.calendar, until=last)
    for moment in found:
        if moment.on <= last and (moment.until or moment.on) >= first:
            yield moment
