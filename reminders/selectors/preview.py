"""Who will be mailed what in the next days, from the same planner that will do it (rule 8). Must not write.

Supposes that every mail before is sent and that nobody does anything, so it shows the whole ladder.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from escalation.models import RungCall
from gates.models import GateAlternate
from ownership.selectors import open_nominations
from phases.models import Criterion, Task
from programs.domain.localtime import local_date
from programs.models import Program, Role
from reminders.domain.facts import ProgramFacts
from reminders.domain.intents import Intent
from reminders.domain.planner import plan
from reminders.domain.rules import Rule
from reminders.selectors.facts import ALIVE, load_facts_of, load_rules_of
from updates.models import Subscription


@dataclass(frozen=True)
class PreviewMail:
    """One mail of the preview: everything one person gets on one day, most urgent first."""

    user_id: int
    name: str
    zone: str
    hour: int
    intents: tuple[Intent, ...]


@dataclass(frozen=True)
class PreviewDay:
    """A date of the program and the mails that leave on it."""

    on: date
    mails: tuple[PreviewMail, ...]


@dataclass(frozen=True)
class Share:
    """What one program puts into a mail; `mine` says whether the recipient may open the program."""

    facts: ProgramFacts
    slug: str
    mine: bool
    intents: tuple[Intent, ...]


@dataclass(frozen=True)
class MyDay:
    """One of a person's own dates and the one mail they get on it, by program."""

    on: date
    shares: tuple[Share, ...]


def ahead(
    facts: ProgramFacts, rules: Iterable[Rule], now: datetime, *, days: int, only: int | None = None
) -> list[PreviewDay]:
    """The mails of the next `days` days if nothing changes, by date and person (no query); `only` is one person."""
    intents = plan(facts, rules, now, now + timedelta(days=days), assume_sent=True, only=only)
    by_day: dict[date, list[Intent]] = {}
    for intent in intents:
        if intent.not_before >= now:
            by_day.setdefault(intent.planned_on, []).append(intent)
    return [PreviewDay(on, _mails(found, facts)) for on, found in sorted(by_day.items())]


def narrowed(days: Iterable[PreviewDay], person: int | None, rule: str) -> list[PreviewDay]:
    """The same with the mails of one person, or with the reminders of one rule, or both; empty days are left out."""
    found = []
    for day in days:
        kept = []
        for mail in day.mails:
            intents = tuple(intent for intent in mail.intents if not rule or intent.rule == rule)
            if intents and person in (None, mail.user_id):
                kept.append(PreviewMail(mail.user_id, mail.name, mail.zone, mail.hour, intents))
        if kept:
            found.append(PreviewDay(day.on, tuple(kept)))
    return found


def my_preview(person: User, now: datetime, *, days: int = 30) -> list[MyDay]:
    """One person's mails of the next `days` days from all programs they have a part in, by their own date.

    As many queries for a dozen programs as for one.
    """
    programs = list(programs_asking(person))
    rules = load_rules_of(program.pk for program in programs)
    until = now + timedelta(days=days)
    found: dict[date, list[Share]] = {}
    for program, facts in zip(programs, load_facts_of(programs), strict=True):
        mine = person.sees_everything or person.pk in facts.seated
        by_day: dict[date, list[Intent]] = {}
        for intent in plan(facts, rules[program.pk], now, until, assume_sent=True, only=person.pk):
            if intent.not_before >= now:
                by_day.setdefault(local_date(intent.not_before, person.time_zone), []).append(intent)
        for on, intents in by_day.items():
            found.setdefault(on, []).append(Share(facts, program.slug, mine, tuple(sorted(intents, key=_order))))
    return [
        MyDay(on, tuple(sorted(shares, key=lambda share: share.intents[0].urgency)))
        for on, shares in sorted(found.items())
    ]


def programs_asking(person: User) -> Iterable[Program]:
    """The living programs that could mail a person: through a role, an item, a vote, a call or a subscription."""
    here = {"program": OuterRef("pk")}
    held = Role.objects.filter(Q(holder=person) | Q(deputy=person), **here)
    calls = RungCall.objects.filter(user=person, ended_at=None, rung__escalation__program=OuterRef("pk"))
    parts = [
        held,
        calls,
        Criterion.objects.filter(assignee=person, **here),
        Task.objects.filter(assignee=person, **here),
        GateAlternate.objects.filter(person=person, **here),
        Subscription.objects.filter(user=person, **here),
        open_nominations().filter(person=person, **here),
    ]
    wanted = Q()
    for part in parts:
        wanted |= Q(Exists(part))
    return Program.objects.filter(wanted, state__in=ALIVE).order_by("name", "pk")


def _order(intent: Intent) -> tuple[int, date]:
    return intent.urgency, intent.due


def _mails(intents: Iterable[Intent], facts: ProgramFacts) -> tuple[PreviewMail, ...]:
    by_person: dict[int, list[Intent]] = {}
    for intent in intents:
        by_person.setdefault(intent.user_id, []).append(intent)
    people = facts.people
    return tuple(
        PreviewMail(user_id, people[user_id].name, people[user_id].zone, people[user_id].hour, tuple(found))
        for user_id, found in sorted(
            ((user_id, sorted(found, key=_order)) for user_id, found in by_person.items()),
            key=lambda pair: people[pair[0]].name.lower(),
        )
    )
