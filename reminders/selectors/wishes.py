"""The last look at what recipients want, right before their mails leave (P11). Must not write."""

from collections.abc import Iterable

from reminders.domain.facts import ProgramFacts
from reminders.domain.preferences import PLAIN, last_lead, lead_of, wants, why_unwanted
from reminders.domain.weeks import WeekLine, week_of
from reminders.enums import Choice, RuleSlug
from reminders.models import Delivery
from reminders.selectors.facts import load_facts, load_rules
from reminders.selectors.preferences import as_value, wishes_of


class Wishes:
    """What the recipients of a batch want (one query); rules and weeks are loaded for programs that need them."""

    def __init__(self, rows: Iterable[Delivery]) -> None:
        self._wishes = {pk: as_value(wish) for pk, wish in wishes_of({row.user_id for row in rows}).items()}
        self._last: dict[int, dict[RuleSlug, int]] = {}
        self._facts: dict[int, ProgramFacts] = {}

    def why_not(self, row: Delivery) -> str:
        """Why its recipient does not want a reminder that was planned before they said so; empty when they do."""
        wishes, rule = self._wishes.get(row.user_id, PLAIN), RuleSlug(row.rule)
        last = self._last_lead(row.program_id, rule) if wishes.choice(rule) is Choice.LAST else 0
        if wants(wishes, rule, lead_of(row.occurrence), last):
            return ""
        return why_unwanted(str(row.user), wishes, rule)

    def week(self, row: Delivery) -> tuple[WeekLine, ...]:
        """What is due now in the week a reminder speaks of."""
        if row.program_id not in self._facts:
            self._facts[row.program_id] = load_facts(row.program)
        return week_of(self._facts[row.program_id], row.user_id, row.due_date)

    def _last_lead(self, program_id: int, rule: RuleSlug) -> int:
        if program_id not in self._last:
            self._last[program_id] = {found.slug: last_lead(found) for found in load_rules(program_id)}
        return self._last[program_id].get(rule, 0)
