"""What has a ladder besides items and gates: a late review of a risk, a late reading, a date of the calendar not held.

Pure, a part of the planner. The rungs and their waits are those of items.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reminders.domain.around import Subject
from reminders.domain.facts import ProgramFacts
from reminders.domain.rules import Rule
from reminders.enums import Kind, RuleSlug


@dataclass(frozen=True)
class Late:
    """Something with a due date, the rule that repeats while it is late, and the role that owes it."""

    subject: Subject
    rule: Rule
    role: str


def late(program: ProgramFacts, table: Mapping[RuleSlug, Rule]) -> Iterator[Late]:
    """Everything of these kinds, late or not yet; a rule that is switched off has no ladder."""
    if rule := table.get(RuleSlug.RISK_REVIEW):
        for risk in program.risks:
            yield Late((Kind.RISK, risk.id, risk.slug, risk.label, risk.due), rule, risk.role)
    if rule := table.get(RuleSlug.READING_OVERDUE):
        for signal in program.signals:
            if signal.kind is Kind.METRIC:
                yield Late((signal.kind, signal.id, signal.slug, signal.label, signal.due), rule, signal.role)
    if rule := table.get(RuleSlug.GOVERNANCE_OVERDUE):
        for event in program.governance:
            yield Late((Kind.GOVERNANCE, event.id, event.slug, event.label, event.due), rule, event.role)
