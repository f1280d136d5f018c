"""Says in words why a reminder with a cause is not planned any more: the rule was changed, or its recipient chose so.

Pure. What happened to the cause itself is told by `gone`.
"""

from collections.abc import Iterable

from reminders.domain.facts import ProgramFacts
from reminders.domain.preferences import last_lead, lead_of, wants, why_unwanted
from reminders.domain.rules import Rule
from reminders.enums import RuleSlug

OFF = "The program's rule for it was switched off"
CHANGED = "The program's rule for it was changed"


def why_left_out(facts: ProgramFacts, rules: Iterable[Rule], slug: str, occurrence: str, user_id: int) -> str:
    """The reason as far as rules and wishes tell; empty when they would still let the reminder go."""
    rule = next((rule for rule in rules if rule.slug == slug), None)
    if rule is None or not rule.enabled:
        return OFF
    lead = lead_of(occurrence)
    if (lead is not None and lead not in rule.leads) or not _repeats(rule, occurrence):
        return CHANGED
    person = facts.people.get(user_id)
    if person is None or wants(person.preferences, RuleSlug(slug), lead, last_lead(rule)):
        return ""
    return why_unwanted(person.name, person.preferences, rule.slug)


def _repeats(rule: Rule, occurrence: str) -> bool:
    """Whether an occurrence such as "+3" is still one of the rule's; anything else is not judged here."""
    if not (occurrence.startswith("+") and occurrence[1:].isdigit()):
        return True
    steps, rest = divmod(int(occurrence[1:]) - rule.first, rule.every or 1)
    return bool(rule.first) and steps >= 0 and rest == 0 and (rule.at_most is None or steps < rule.at_most)
