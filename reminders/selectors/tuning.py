"""A program's rules in words, and what a change to one of them would do in the next 30 days. Must not write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from programs.models import Program
from reminders.defaults import default_rules
from reminders.domain.facts import ProgramFacts
from reminders.domain.intents import Intent
from reminders.domain.people import role_name
from reminders.domain.planner import plan
from reminders.domain.rule_words import purpose, title, when, who
from reminders.domain.rules import Rule, parse_rules
from reminders.domain.tuning import Shape, definition_of, shape_of
from reminders.domain.wording import asked_as, headline
from reminders.enums import RuleSlug
from reminders.selectors.facts import load_facts, load_rules

SHOWN = 100
"""Reminders that are listed on either side of a difference; the rest is counted."""


@dataclass(frozen=True)
class RuleRow:
    """One rule as the page shows it."""

    rule: Rule
    title: str
    purpose: str
    who: str
    when: tuple[str, ...]
    shape: Shape
    changed: bool
    default: tuple[str, ...]


@lru_cache(maxsize=1)
def _defaults() -> Mapping[RuleSlug, Rule]:
    return {rule.slug: rule for rule in parse_rules(default_rules())}


def default_of(slug: RuleSlug) -> Rule:
    """The rule as programs start with it. Errors: KeyError for a rule that is not in the defaults."""
    return _defaults()[slug]


def rules_of(program: Program) -> dict[RuleSlug, Rule]:
    """Every rule that counts in a program: its own, else the default (one query)."""
    own = {rule.slug: rule for rule in load_rules(program.pk)}
    return {slug: own.get(slug, rule) for slug, rule in _defaults().items()}


def rule_rows(program: Program) -> tuple[RuleRow, ...]:
    """The rules of a program in the order of the defaults (one query)."""
    return tuple(rule_row(rule) for rule in rules_of(program).values())


def rule_row(rule: Rule) -> RuleRow:
    """One rule in words."""
    default = default_of(rule.slug)
    return RuleRow(
        rule=rule,
        title=title(rule.slug),
        purpose=purpose(rule.slug),
        who=who(rule),
        when=when(rule),
        shape=shape_of(default),
        changed=definition_of(rule) != definition_of(default),
        default=when(default),
    )


@dataclass(frozen=True)
class Told:
    """One reminder of a preview: when, to whom, about what and why."""

    on: date
    person: str
    headline: str
    label: str
    why: str


@dataclass(frozen=True)
class Count:
    """What one person gets in the stretch: mails and reminders now, and with the change."""

    person: str
    mails: int
    mails_then: int
    reminders: int
    reminders_then: int


@dataclass(frozen=True)
class Difference:
    """What a changed rule would do: reminders that come and fall away, counts per person, everything by day."""

    come: tuple[Told, ...]
    gone: tuple[Told, ...]
    more_come: int
    more_gone: int
    counts: tuple[Count, ...]
    days: tuple[tuple[date, tuple[tuple[str, tuple[Told, ...]], ...]], ...]

    @property
    def same(self) -> bool:
        """Whether nothing would come or fall away in the stretch."""
        return not (self.come or self.gone)

    @property
    def mails(self) -> int:
        """How many mails go out with the rules of today; a mail is what one person gets on one day."""
        return sum(count.mails for count in self.counts)

    @property
    def mails_then(self) -> int:
        """How many mails go out with the changed rule."""
        return sum(count.mails_then for count in self.counts)

    @property
    def come_total(self) -> int:
        """How many reminders come."""
        return len(self.come) + self.more_come

    @property
    def gone_total(self) -> int:
        """How many reminders fall away."""
        return len(self.gone) + self.more_gone

    @property
    def sides(self) -> tuple[tuple[str, str, tuple[Told, ...], int], ...]:
        """Both lists with their headings."""
        come = ("come", "Reminders that come", self.come, self.more_come)
        return (come, ("gone", "Reminders that fall away", self.gone, self.more_gone))


def difference(
    program: Program, rules: Mapping[RuleSlug, Rule], wanted: Rule, now: datetime, *, days: int
) -> Difference:
    """What the next `days` days look like with one rule changed, against `rules`, those that count today.

    The planner's own answer for both, on the same facts, supposing that every mail is sent and nobody does anything.
    """
    facts = load_facts(program)
    before = _planned(facts, rules.values(), now, days)
    after = _planned(facts, {**rules, wanted.slug: wanted}.values(), now, days)
    come = [_told(after[key], facts) for key in after if key not in before]
    gone = [_told(before[key], facts) for key in before if key not in after]
    return Difference(
        come=tuple(come[:SHOWN]),
        gone=tuple(gone[:SHOWN]),
        more_come=max(0, len(come) - SHOWN),
        more_gone=max(0, len(gone) - SHOWN),
        counts=_counts(before.values(), after.values(), facts),
        days=_by_day(after.values(), facts),
    )


def _planned(facts: ProgramFacts, rules: Iterable[Rule], now: datetime, days: int) -> dict[str, Intent]:
    found = plan(facts, rules, now, now + timedelta(days=days), assume_sent=True)
    return {intent.key: intent for intent in found if intent.not_before >= now}


def _told(intent: Intent, facts: ProgramFacts) -> Told:
    on = intent.planned_on
    return Told(
        on=on,
        person=facts.people[intent.user_id].name,
        headline=headline(intent.rule, intent.due, on, facts.calendar, occurrence=intent.occurrence),
        label=intent.label,
        why=asked_as(intent.part, role_name(facts, intent.role)),
    )


def _counts(before: Iterable[Intent], after: Iterable[Intent], facts: ProgramFacts) -> tuple[Count, ...]:
    """Per person, who gets more or less first. A mail is what one person gets on one day."""
    found: dict[int, Count] = {}
    for then, intents in ((False, list(before)), (True, list(after))):
        for user_id in {intent.user_id for intent in intents}:
            own = [intent for intent in intents if intent.user_id == user_id]
            mails = len({intent.planned_on for intent in own})
            row = found.get(user_id) or Count(facts.people[user_id].name, 0, 0, 0, 0)
            found[user_id] = (
                replace(row, mails_then=mails, reminders_then=len(own))
                if then
                else replace(row, mails=mails, reminders=len(own))
            )
    return tuple(sorted(found.values(), key=lambda c: (c.reminders == c.reminders_then, c.person.lower())))


def _by_day(
    intents: Iterable[Intent], facts: ProgramFacts
) -> tuple[tuple[date, tuple[tuple[str, tuple[Told, ...]], ...]], ...]:
    grouped: dict[date, dict[str, list[Told]]] = {}
    for intent in sorted(intents, key=lambda i: (i.planned_on, facts.people[i.user_id].name.lower(), i.urgency)):
        told = _told(intent, facts)
        grouped.setdefault(told.on, {}).setdefault(told.person, []).append(told)
    return tuple((on, tuple((who, tuple(lines)) for who, lines in people.items())) for on, people in grouped.items())
