"""Who will be mailed what in the next days, from the same planner that will do it (rule 8). Must not write."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from programs.models import Program
from reminders.domain.facts import ProgramFacts
from reminders.domain.intents import Intent
from reminders.domain.planner import plan
from reminders.selectors.facts import load_facts, load_rules


@dataclass(frozen=True)
class PreviewMail:
    """One mail of the preview: everything one person gets on one day, most urgent first."""

    name: str
    zone: str
    hour: int
    intents: tuple[Intent, ...]


@dataclass(frozen=True)
class PreviewDay:
    """A date of the program and the mails that leave on it."""

    on: date
    mails: tuple[PreviewMail, ...]


def preview(program: Program, now: datetime, *, days: int = 30) -> tuple[list[PreviewDay], ProgramFacts]:
    """The mails of the next `days` days if nothing changes, by date and person, and the facts they come from.

    Supposes that every mail before is sent and that nobody does anything, so it shows the whole ladder.
    """
    facts = load_facts(program)
    intents = plan(facts, load_rules(program.pk), now, now + timedelta(days=days), assume_sent=True)
    by_day: dict[date, list[Intent]] = {}
    for intent in intents:
        if intent.not_before >= now:
            by_day.setdefault(intent.planned_on, []).append(intent)
    return [PreviewDay(on, _mails(found, facts)) for on, found in sorted(by_day.items())], facts


def _mails(intents: Iterable[Intent], facts: ProgramFacts) -> tuple[PreviewMail, ...]:
    by_person: dict[int, list[Intent]] = {}
    for intent in intents:
        by_person.setdefault(intent.user_id, []).append(intent)
    return tuple(
        PreviewMail(
            name=facts.people[user_id].name,
            zone=facts.people[user_id].zone,
            hour=facts.people[user_id].hour,
            intents=tuple(sorted(found, key=lambda intent: (intent.urgency, intent.due))),
        )
        for user_id, found in sorted(by_person.items(), key=lambda pair: facts.people[pair[0]].name.lower())
    )
