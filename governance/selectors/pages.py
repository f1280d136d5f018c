"""What the pages after day 90 show besides the calendar itself. Must not write."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.http import Http404

from governance.domain import benefit as rules
from governance.enums import GovernanceKind
from governance.models import BenefitReading, ChangeRecord, Deferral, GovernanceEvent, GovernanceOccurrence, Trigger
from governance.selectors.calendar import MONTHS, Book, Entry, groups
from programs.models import OutcomeStatement, Program, Role
from programs.selectors import Cast


@dataclass(frozen=True)
class Cell:
    """One kind in one month: how much is planned, done and overdue in it, and the sentence that says so."""

    month: dt.date
    count: int
    done: int
    overdue: int

    @property
    def dots(self) -> list[str]:
        """One word per event: red what passed, green what was held, plain what is ahead; six at most."""
        ahead = self.count - self.done - self.overdue
        return (["red"] * self.overdue + ["green"] * self.done + ["ahead"] * ahead)[:6]


@dataclass(frozen=True)
class Board:
    """The year at a glance: its months, and per kind one cell a month."""

    months: list[dt.date]
    rows: list[tuple[GovernanceKind, list[Cell], int]]


@dataclass(frozen=True)
class ReadingLine:
    """A benefit reading with its grade and how far it is on the way, in per cent."""

    row: BenefitReading
    grade: str
    grade_words: str
    progress: int | None

    @property
    def width(self) -> int:
        """The progress as a length from 0 to 100."""
        return min(max(self.progress or 0, 0), 100)


def year_from(book: Book) -> tuple[dt.date, dt.date]:
    """The twelve months that are shown: from today, before day 90 from the day after it."""
    start = max(book.today, book.program.end_date + dt.timedelta(days=1))
    return start, start + relativedelta(months=MONTHS) - dt.timedelta(days=1)


def board(entries: Sequence[Entry], start: dt.date) -> Board:
    """Lay the year out by kind and month; every kind has its row, an empty one too."""
    first = start.replace(day=1)
    last = max([entry.due.replace(day=1) for entry in entries], default=first)
    count = max(MONTHS, (last.year - first.year) * 12 + last.month - first.month + 1)
    months = [first + relativedelta(months=number) for number in range(count)]
    by_month = dict(groups(entries))
    rows = []
    for kind in GovernanceKind:
        cells = []
        for month in months:
            mine = [entry for entry in by_month.get(month, []) if entry.event.kind == kind]
            done = sum(entry.is_done for entry in mine)
            cells.append(Cell(month, len(mine), done, sum(entry.standing == "overdue" for entry in mine)))
        rows.append((kind, cells, sum(cell.count for cell in cells)))
    return Board(months, rows)


def owner_gaps(book: Book, cast: Cast) -> list[tuple[Role, list[GovernanceEvent]]]:
    """Roles that own events and that nobody holds, with those events."""
    vacant = {role.pk: role for role in cast.vacant}
    found: dict[int, list[GovernanceEvent]] = {}
    for event in book.events:
        ahead = event.rules or book.next_of(event)
        if event.owner_role_id in vacant and ahead:
            found.setdefault(event.owner_role_id, []).append(event)
    return [(vacant[role_id], events) for role_id, events in found.items()]


def moves_of(row: GovernanceOccurrence | None) -> list[Deferral]:
    """How an occurrence was put off, in order (one query, none without a row)."""
    return list(Deferral.objects.filter(occurrence=row).select_related("by")) if row else []


def triggers_of(program: Program) -> list[tuple[Trigger, list[GovernanceEvent]]]:
    """The triggers, each with the reviews it called for, newest first (two queries)."""
    reviews: dict[int | None, list[GovernanceEvent]] = {}
    called = GovernanceEvent.objects.filter(program=program, trigger__isnull=False).select_related("added_by")
    for event in called.order_by("-happened_on", "-id"):
        event.program = program
        reviews.setdefault(event.trigger_id, []).append(event)
    return [(row, reviews.get(row.pk, [])) for row in Trigger.objects.filter(program=program)]


def find_trigger(program: Program, position: int) -> Trigger:
    """Return a trigger by its place. Errors: Http404."""
    found = Trigger.objects.filter(program=program, position=position).first()
    if found is None:
        raise Http404("No such trigger")
    found.program = program
    return found


def readings_of(program: Program) -> list[ReadingLine]:
    """All benefit readings, newest first, graded (one query)."""
    rows = BenefitReading.objects.filter(program=program).select_related("recorded_by", "verified_by")
    return [_line(row) for row in rows]


def _line(row: BenefitReading) -> ReadingLine:
    grade = rules.grade(row.basis, verified=row.verified_at is not None)
    return ReadingLine(row, grade, rules.GRADES[grade], rules.progress(row.value, row.baseline, row.target))


def find_reading(program: Program, number: int) -> BenefitReading:
    """Return a benefit reading. Errors: Http404."""
    found = BenefitReading.objects.filter(program=program, number=number).first()
    if found is None:
        raise Http404("No such reading")
    return found


def outcome_of(program: Program) -> OutcomeStatement | None:
    """The outcome statement as it stands now (one query)."""
    return OutcomeStatement.objects.filter(program=program).order_by("-number").first()


def changes_of(program: Program) -> list[ChangeRecord]:
    """The version log, newest first (one query)."""
    return list(ChangeRecord.objects.filter(program=program).select_related("logged_by", "approved_by"))


def find_change(program: Program, number: int) -> ChangeRecord:
    """Return a change. Errors: Http404."""
    found = ChangeRecord.objects.filter(program=program, number=number).first()
    if found is None:
        raise Http404("No such change")
    return found
