"""What a change that somebody makes for themselves would do to their mails of the next days (rule 8). Pure.

The planner's answer for the person as they are and as they would be, on the same facts, and for each reminder the
engine's own word on when it leaves and in which mail (`hours`). Supposes that every mail is sent and that nobody does
anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from programs.domain.localtime import local_date, local_instant
from reminders.domain.facts import Person, ProgramFacts
from reminders.domain.hours import mail_key, may_leave
from reminders.domain.intents import Intent
from reminders.domain.planner import plan
from reminders.domain.preferences import LOOK_BACK, last_lead
from reminders.domain.rules import Rule
from reminders.enums import RuleSlug, Style

Change = Callable[[Person], Person]


@dataclass(frozen=True)
class Window:
    """The stretch that is looked at, as aware instants; `late_until` is the engine's last hour for what is late."""

    now: datetime
    until: datetime
    late_until: int


@dataclass(frozen=True)
class Moment:
    """A reminder of the person, the instant at which it leaves, and its program."""

    intent: Intent
    facts: ProgramFacts
    at: datetime


@dataclass(frozen=True)
class Pair:
    """One program planned twice: with the person as they are, and with `then`, as they would be; intents by key."""

    facts: ProgramFacts
    person: Person
    then: Person
    lasts: Mapping[RuleSlug, int]
    before: Mapping[str, Intent]
    after: Mapping[str, Intent]


@dataclass
class Side:
    """What leaves and when, and what has no sense any more at the hour when it could; by key.

    `overtaken` says of the latter whether it is too late for the mail of today.
    """

    leaving: dict[str, Moment] = field(default_factory=dict)
    overtaken: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """A reminder that leaves at another instant than now."""

    moment: Moment
    was: datetime


@dataclass(frozen=True)
class Changes:
    """The difference, and how many mails and reminders there are in the window with and without it."""

    gone: tuple[Moment, ...]
    come: tuple[Moment, ...]
    moved: tuple[Moved, ...]
    stays: tuple[Moment, ...]
    overtaken: Mapping[str, bool]
    mails: int
    mails_then: int
    reminders: int
    reminders_then: int

    @property
    def same(self) -> bool:
        """Whether no mail would be another one."""
        return not (self.gone or self.come or self.moved) and self.mails == self.mails_then


def planned_twice(
    program: ProgramFacts, rules: Iterable[Rule], person: Person, change: Change, window: Window, *, others: bool
) -> Pair:
    """Plan one program for the person as they are and as they would be; with `others` for everybody else as well.

    Some days beyond the window are planned too: what is told ahead of a quiet day comes from there.
    """
    then, table = change(person), tuple(rules)
    until = window.until + timedelta(days=LOOK_BACK)

    def planned(facts: ProgramFacts) -> dict[str, Intent]:
        only = None if others else person.id
        return {i.key: i for i in plan(facts, table, window.now, until, assume_sent=True, only=only)}

    changed = replace(program, people={**program.people, person.id: then})
    lasts = {rule.slug: last_lead(rule) for rule in table}
    return Pair(program, person, then, lasts, planned(program), planned(changed))


def compare(pairs: Iterable[Pair], window: Window) -> Changes:
    """What changes for the person over all their programs."""
    found = list(pairs)
    told = any(_told_today(pair, window.now) for pair in found)
    before, after = Side(), Side()
    for pair in found:
        settled = {key for key, intent in pair.before.items() if intent.not_before < window.now}
        _leave(before, pair, pair.before, pair.person, settled, told, window)
        _leave(after, pair, pair.after, pair.then, settled, told, window)
    was = {key: m for key, m in before.leaving.items() if m.at <= window.until}
    will = {key: m for key, m in after.leaving.items() if m.at <= window.until}
    both = [key for key in {**was, **will} if key in before.leaving and key in after.leaving]
    moved = [Moved(after.leaving[key], before.leaving[key].at) for key in both]
    return Changes(
        gone=_in_order(was[key] for key in was if key not in after.leaving),
        come=_in_order(will[key] for key in will if key not in before.leaving),
        moved=tuple(sorted((m for m in moved if m.was != m.moment.at), key=lambda m: m.moment.at)),
        stays=_in_order(will.values()),
        overtaken=after.overtaken,
        mails=_mails(was, found, then=False),
        mails_then=_mails(will, found, then=True),
        reminders=len(was),
        reminders_then=len(will),
    )


def _told_today(pair: Pair, now: datetime) -> bool:
    """Whether the person's mail of today has left already."""
    person, today = pair.person, local_date(now, pair.person.zone)
    mine = (intent for intent in pair.before.values() if intent.user_id == person.id and intent.not_before < now)
    return any(local_date(intent.not_before, person.zone) == today for intent in mine)


def _leave(
    side: Side, pair: Pair, intents: Mapping[str, Intent], person: Person, settled: set[str], told: bool, window: Window
) -> None:
    """Put into `side` when each of the person's reminders leaves; what had its hour before now is none of it."""
    for key, intent in intents.items():
        if intent.user_id != person.id or key in settled:
            continue
        earliest = max(intent.not_before, window.now)
        daily = person.preferences.style is Style.DIGEST and intent.rule is not RuleSlug.MY_WEEK
        if intent.not_before < window.now and told and daily and not intent.alone:
            earliest = local_instant(local_date(window.now, person.zone) + timedelta(days=1), 0, person.zone)
        at = may_leave(
            intent.rule,
            earliest,
            person,
            pair.facts.calendar,
            late_until=window.late_until,
            any_day=intent.planned_on if intent.any_day else None,
        )
        if at < intent.expires_at:
            side.leaving[key] = Moment(intent, pair.facts, at)
        else:
            side.overtaken[key] = intent.not_before < window.now


def _mails(moments: Mapping[str, Moment], pairs: Iterable[Pair], *, then: bool) -> int:
    people = {pair.facts.id: pair.then if then else pair.person for pair in pairs}
    return len(
        {mail_key(m.intent.rule, m.intent.occurrence, key, people[m.facts.id], m.at) for key, m in moments.items()}
    )


def _in_order(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    return tuple(sorted(moments, key=lambda m: (m.at, m.intent.urgency, m.intent.key)))
