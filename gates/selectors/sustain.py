"""When a running system is decided on next, and what lies on the table then (S79). Must not write."""

import datetime as dt

from gates.models import SustainDecision
from governance.domain.benefit import DAYS
from governance.models import DECIDING, ChangeRecord
from governance.selectors.calendar import Book, Entry, load_book
from governance.selectors.pages import readings_of
from programs.models import Program


def decisions_of(program: Program) -> list[SustainDecision]:
    """All decisions of a program in run, newest first (one query)."""
    return list(SustainDecision.objects.filter(program=program).select_related("decided_by"))


def due_date_of(book: Book) -> Entry | None:
    """The first date of the calendar that ends in this decision and is open."""
    found = []
    for event in book.events:
        if event.slug in DECIDING:
            passed = book.open_until(event, book.today)
            entry = passed[0] if passed else book.next_of(event)
            found += [entry] if entry else []
    return min(found, key=lambda entry: entry.due, default=None)


def next_decision(
    program: Program, book: Book | None = None, decisions: list[SustainDecision] | None = None
) -> dt.date | None:
    """The day of the next decision: the calendar's, or the one the last decision set, whichever comes first.

    None when neither names one, which a page has to say aloud. Three queries unless both are handed in.
    """
    entry = due_date_of(book or load_book(program))
    last = (decisions_of(program) if decisions is None else decisions)[:1]
    days = [entry.due] if entry else []
    days += [row.next_on for row in last if row.next_on is not None]
    return min(days, default=None)


def basis_of(program: Program, book: Book) -> list[tuple[str, str]]:
    """What the decision stands on as (status, sentence): benefit, overdue events, changes without approval."""
    found = []
    lines = readings_of(program)
    for day in DAYS:
        line = next((line for line in lines if line.row.day == day), None)
        if line is None:
            found.append(("red", f"No benefit reading at day {day}."))
            continue
        way = (
            f"{line.progress} % of the way to the target" if line.progress is not None else "not held against a target"
        )
        colour = {"A": "green", "B": "amber", "C": "amber", "D": "red"}[line.grade]
        found.append((colour, f"Benefit at day {day}: {way}, grade {line.grade} ({line.grade_words})."))
    late = book.overdue()
    names = ", ".join(entry.event.name for entry, _ in late[:3])
    found.append(("red", f"Passed and not held: {names}.") if late else ("green", "No governance event is overdue."))
    open_ = ChangeRecord.objects.filter(program=program, approved_at=None).count()
    found.append(
        ("red", f"Changes without approval: {open_}.") if open_ else ("green", "Every logged change is approved.")
    )
    return found
