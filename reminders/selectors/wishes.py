"""The last look at what recipients want, right before their mails leave (P11). Must not write."""

from collections.abc import Iterable

from reminders.domain.facts import ProgramFacts
from reminders.domain.left_out import OFF
from reminders.domain.preferences import PLAIN, last_lead, lead_of, wants, why_unwanted
from reminders.domain.rules import Rule
from reminders.domain.weeks import WeekLine, week_of
from reminders.enums import Choice, RuleSlug
from reminders.models import Delivery
from reminders.selectors.facts import load_facts, load_rules
from reminders.selectors.preferences import as_value, wishes_of


class Wishes:
    """What the recipients of a batch want (one query); rules and weeks are loaded for programs that need them."""

    def __init__(self, rows: Iterable[Delivery]) -> None:
        self._wishes = {pk: as_value(wish) for pk, wish in wishes_of({row.user_id for row in rows}).items()}
        self._rules: dict[int, dict[RuleSlug, Rule]] = {}
        self._facts: dict[int, ProgramFacts] = {}

    def why_not(self, row: Delivery) -> str:
        """Why its recipient does not want a reminder that was planned before they said so; empty when they do.

        One that was sent again by hand counts as the first one, and its rule is asked as well: no planning does.
        """
        wishes, rule = self._wishes.get(row.user_id, PLAIN), RuleSlug(row.rule)
        if row.is_again and not ((own := self._rule(row.program_id, rule)) and own.enabled):
            return OFF
        own = self._rule(row.program_id, rule) if wishes.choice(rule) is Choice.LAST else None
        last = last_lead(own) if own else 0
        if wants(wishes, rule, lead_of(row.step), last):
            return ""
        return why_unwanted(str(row.user), wishes, rule)

    def week(self, row: Delivery) -> tuple[WeekLine, ...]:
        """What is due now in the week a reminder speaks of."""
        if row.program_id not in self._facts:
            self._facts[row.program_id] = load_facts(row.program)
        return week_of(self._facts[row.program_id], row.user_id, row.due_date)

    def _rule(self, program_id: int, slug: RuleSlug) -> Rule | None:
        if program_id not in self._rules:
            self._rules[program_id] = {rule.slug: rule for rule in load_rules(program_id)}
        return self._rules[program_id].get(slug)
