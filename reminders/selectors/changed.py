"""What a change that somebody makes for themselves would do to their mails of the next days (rule 8). Must not write.

As many queries for a dozen programs as for one: those of the person's own preview.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from reminders.defaults import limits
from reminders.domain.changed import Change, Changes, Moment, Moved, Pair, Window, compare, planned_twice
from reminders.domain.changed_words import why_it_goes, why_it_stays
from reminders.domain.people import role_name
from reminders.domain.wording import asked_as, headline
from reminders.selectors.facts import load_facts_of, load_rules_of
from reminders.selectors.preview import programs_asking

SHOWN = 100
"""Reminders that are listed of each part of a difference; the rest is counted."""


@dataclass(frozen=True)
class Line:
    """One reminder of the preview at the person's own day and hour; `was` is its day before, for one that moves."""

    on: date
    at: str
    headline: str
    label: str
    program: str
    why: str
    reason: str = ""
    was: date | None = None
    was_at: str = ""


@dataclass(frozen=True)
class Part:
    """One part of the difference: its id and heading, the reminders that are listed, and how many there are."""

    id: str
    name: str
    lines: tuple[Line, ...]
    total: int

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.total - len(self.lines)


@dataclass(frozen=True)
class Shift:
    """How many reminders of unchanged days come at another hour."""

    count: int
    was: str
    then: str


@dataclass(frozen=True)
class OwnChanges:
    """The difference as the page shows it."""

    changes: Changes
    parts: tuple[Part, ...]
    shifts: tuple[Shift, ...]
    days: tuple[tuple[date, tuple[Line, ...]], ...]

    @property
    def shifted(self) -> int:
        """How many reminders come at another hour of their day."""
        return sum(shift.count for shift in self.shifts)


def own_changes(person: User, change: Change, now: datetime, *, days: int, others: bool = False) -> OwnChanges:
    """What the next `days` days look like for a person who would be as `change` makes them.

    With `others` it is also told who gets what the person does not get any more; a wish never moves it to others.
    """
    programs = list(programs_asking(person))
    rules = load_rules_of(program.pk for program in programs)
    window = Window(now, now + timedelta(days=days), limits().late_until_hour)
    pairs = {
        facts.id: planned_twice(facts, rules[facts.id], facts.people[person.pk], change, window, others=others)
        for facts in load_facts_of(programs)
        if person.pk in facts.people
    }
    return _shown(compare(pairs.values(), window), pairs, others=others)


def _shown(found: Changes, pairs: dict[int, Pair], *, others: bool) -> OwnChanges:
    gone = [_line(m, pairs, why_it_goes(pairs[m.facts.id], m.intent, found.overtaken)) for m in found.gone]
    come = [_line(m, pairs) for m in found.come]
    moved = [_line(m.moment, pairs, was=m) for m in found.moved]
    kept = [(m, why_it_stays(pairs[m.facts.id], m)) for m in found.stays]
    stays = [_line(m, pairs, reason) for m, reason in kept if reason]
    by_day: dict[date, list[Line]] = {}
    for moment in found.stays:
        line = _line(moment, pairs)
        by_day.setdefault(line.on, []).append(line)
    return OwnChanges(
        changes=found,
        parts=(
            _part("gone", "What does not come to you" if others else "Reminders that fall away", gone),
            _part("come", "Reminders that come", come),
            _part("moved", "Reminders that come on another day", [line for line in moved if line.was != line.on]),
            _part("stays", "What comes all the same", stays),
        ),
        shifts=_shifts(line for line in moved if line.was == line.on),
        days=tuple((on, tuple(lines)) for on, lines in by_day.items()),
    )


def _part(name: str, heading: str, lines: list[Line]) -> Part:
    return Part(name, heading, tuple(lines[:SHOWN]), len(lines))


def _shifts(lines: Iterable[Line]) -> tuple[Shift, ...]:
    counts: dict[tuple[str, str], int] = {}
    for line in lines:
        counts[line.was_at, line.at] = counts.get((line.was_at, line.at), 0) + 1
    return tuple(Shift(count, was, then) for (was, then), count in sorted(counts.items()))


def _line(moment: Moment, pairs: dict[int, Pair], reason: str = "", was: Moved | None = None) -> Line:
    """A reminder in words, all its instants in the zone the person would have."""
    intent, facts = moment.intent, moment.facts
    zone = ZoneInfo(pairs[facts.id].then.zone)
    at, before = moment.at.astimezone(zone), was.was.astimezone(zone) if was else None
    return Line(
        on=at.date(),
        at=f"{at:%H:%M}",
        headline=headline(intent.rule, intent.due, at.date(), facts.calendar, occurrence=intent.occurrence),
        label=intent.label,
        program=facts.name,
        why=asked_as(intent.part, role_name(facts, intent.role)),
        reason=reason,
        was=before.date() if before else None,
        was_at=f"{before:%H:%M}" if before else "",
    )
