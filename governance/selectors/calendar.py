"""The calendar after day 90 as entries: what the rules give, with what somebody did to it. Must not write."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.http import Http404

from core import clock
from governance.domain import schedule
from governance.domain.recurrence import expand, occurrences, placed
from governance.domain.rules import in_words
from governance.domain.standing import Standing, standing
from governance.models import GovernanceEvent, GovernanceOccurrence, Trigger
from programs.domain.calendar import WorkCalendar
from programs.models import Program

MONTHS = 12


@dataclass(frozen=True)
class Entry:
    """One date of an event; `row` is there once somebody touched it, `why` says why it is not on its planned day."""

    event: GovernanceEvent
    planned: dt.date
    due: dt.date
    why: str
    row: GovernanceOccurrence | None
    standing: Standing

    @property
    def is_done(self) -> bool:
        """Whether it was held, or its time passed and a later one covers it."""
        return self.standing is Standing.DONE

    @property
    def deferrals(self) -> int:
        """How often it was put off."""
        return self.row.deferrals if self.row else 0

    @property
    def version(self) -> int:
        """What forms about it are drawn from; 0 while nobody touched it."""
        return self.row.version if self.row else 0

    @property
    def address(self) -> str:
        """Where it is looked at, below the calendar's own address."""
        return f"events/{self.event.slug}/{self.planned.isoformat()}/"


@dataclass(frozen=True)
class Book:
    """All events of a program with the rows people made, loaded once (two queries)."""

    program: Program
    today: dt.date
    calendar: WorkCalendar
    events: tuple[GovernanceEvent, ...]
    rows: dict[tuple[int, dt.date], GovernanceOccurrence]

    def between(self, start: dt.date, end: dt.date) -> list[Entry]:
        """Everything held from `start` to `end`, both included, by day."""
        found = [entry for event in self.events for entry in self.of(event, start, end)]
        return sorted(found, key=lambda entry: (entry.due, entry.event.position, entry.event.pk))

    def of(self, event: GovernanceEvent, start: dt.date, end: dt.date) -> list[Entry]:
        """The dates of one event from `start` to `end`, by day."""
        found = [
            self._entry(event, each.planned, each.due, each.why, None)
            for each in occurrences(event.first_date, event.rules, start, end, self.calendar)
            if (event.pk, each.planned) not in self.rows
        ]
        touched = [row for (event_id, _), row in self.rows.items() if event_id == event.pk]
        found += [self._of_row(event, row) for row in touched if start <= row.due_date <= end]
        return sorted(found, key=lambda entry: (entry.due, entry.planned))

    def open_until(self, event: GovernanceEvent, last: dt.date) -> list[Entry]:
        """What of an event is not done up to and including `last`, oldest first."""
        kept = [row.due_date for (event_id, _), row in self.rows.items() if event_id == event.pk and not row.done_at]
        return [entry for entry in self.of(event, min([event.first_date, *kept]), last) if not entry.is_done]

    def overdue(self) -> list[tuple[Entry, int]]:
        """The newest date that passed of each event with how many before it passed as well, longest ago first."""
        found = []
        for event in self.events:
            passed = self.open_until(event, self.today - dt.timedelta(days=1))
            if passed:
                found.append((passed[-1], len(passed) - 1))
        return sorted(found, key=lambda pair: pair[0].due)

    def next_of(self, event: GovernanceEvent) -> Entry | None:
        """The next date of an event that is not done: today or later, within ten years."""
        ahead = self.of(event, self.today, self.today + relativedelta(years=10))
        return next((entry for entry in ahead if not entry.is_done), None)

    def entry(self, event: GovernanceEvent, planned: dt.date) -> Entry | None:
        """The date `planned` of an event; None when neither its rules nor a row know it."""
        row = self.rows.get((event.pk, planned))
        if row is not None:
            return self._of_row(event, row)
        if planned not in expand(event.first_date, event.rules, planned, planned):
            return None
        where = placed(planned, self.calendar)
        return self._entry(event, planned, where.due, where.why, None)

    def _of_row(self, event: GovernanceEvent, row: GovernanceOccurrence) -> Entry:
        return self._entry(event, row.planned_on, row.due_date, row.moved_because, row)

    def _entry(
        self, event: GovernanceEvent, planned: dt.date, due: dt.date, why: str, row: GovernanceOccurrence | None
    ) -> Entry:
        if not why and planned == event.first_date and event.moved_from:
            why = self.calendar.why_off(event.moved_from) or ""
        done = bool(row and row.done_at)
        return Entry(event, planned, due, why, row, standing(due, self.today, done=done))


def load_book(program: Program, today: dt.date | None = None, *, slug: str = "") -> Book:
    """Load a program's calendar, or one event of it (two queries)."""
    events = GovernanceEvent.objects.filter(program=program).select_related("trigger")
    rows = GovernanceOccurrence.objects.filter(program=program).select_related("done_by")
    if slug:
        events, rows = events.filter(slug=slug), rows.filter(event__slug=slug)
    return book_of(program, events, rows, today)


def book_of(
    program: Program,
    events: Iterable[GovernanceEvent],
    rows: Iterable[GovernanceOccurrence],
    today: dt.date | None = None,
) -> Book:
    """A program's calendar of rows that are loaded already (no query)."""
    found = tuple(sorted(events, key=lambda event: (event.first_date, event.position, event.pk)))
    for event in found:
        event.program = program
    day = today or clock.today(program.time_zone)
    own = sorted(rows, key=lambda row: (row.due_date, row.pk))
    return Book(program, day, program.calendar, found, {(row.event_id, row.planned_on): row for row in own})


def find_event(program: Program, slug: str) -> tuple[Book, GovernanceEvent]:
    """Return one event with its rows. Errors: Http404."""
    book = load_book(program, slug=slug)
    if not book.events:
        raise Http404("No such governance event")
    return book, book.events[0]


def find_entry(program: Program, slug: str, planned: dt.date) -> Entry:
    """Return one date of an event. Errors: Http404 for a date that is none of its."""
    book, event = find_event(program, slug)
    entry = book.entry(event, planned)
    if entry is None:
        raise Http404("No such date")
    return entry


def rhythm_words(event: GovernanceEvent) -> str:
    """How an event repeats, in words."""
    words = in_words(event.rrule, event.rrule_later)
    return f"{words}, and on {event.on_change}" if event.on_change else words


def schedule_gaps(program: Program, book: Book | None = None) -> list[str]:
    """Why the twelve months after day 90 are not scheduled as gate 90 wants them; empty when they are (S75, S76).

    A review that a trigger called for does not count: it is no plan.
    """
    book = book or load_book(program)
    found = schedule.reasons(program.end_date, scheduled(book))
    planned = [event for event in book.events if event.trigger_id is None]
    bare = [event.name for event in planned if not event.inputs.strip()]
    found += [f"{name} says nothing about what goes into it." for name in bare[:3]]
    if not Trigger.objects.filter(program=program).exists():
        found.append("No trigger is named that calls for a review outside the calendar (S77).")
    return found


def scheduled(book: Book) -> list[tuple[dt.date, str]]:
    """Day and kind of everything planned in the twelve months after day 90."""
    end = book.program.end_date
    year = book.between(end + dt.timedelta(days=1), end + relativedelta(months=schedule.MONTHS))
    return [(entry.due, entry.event.kind) for entry in year if entry.event.trigger_id is None]


def groups(entries: Iterable[Entry]) -> list[tuple[dt.date, list[Entry]]]:
    """Entries by month, each month with its first day."""
    found: dict[dt.date, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.due.replace(day=1), []).append(entry)
    return sorted(found.items())
