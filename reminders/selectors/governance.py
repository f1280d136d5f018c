"""Dates of the calendar after day 90 and pending mini-gates, as the planner's facts. Must not decide anything."""

from datetime import date, timedelta

from gates.models import MiniGate
from governance.selectors.calendar import Book, load_book
from phases.enums import EventState
from programs.models import Program
from programs.selectors import Cast
from reminders.domain.facts import GovernanceFacts

BEHIND, AHEAD = timedelta(days=14), timedelta(days=150)
"""Days around today that the planner and the preview of thirty days may look at, with the longest lead there is."""


def dates(program: Program, cast: Cast) -> tuple[GovernanceFacts, ...]:
    """Dates of the calendar around today that are not done (two queries)."""
    book = load_book(program)
    return tuple(
        GovernanceFacts(
            entry.event.pk, entry.event.slug, entry.event.name, entry.due, cast.by_id[entry.event.owner_role_id].slug
        )
        for entry in book.between(book.today - BEHIND, book.today + AHEAD)
        if not entry.is_done
    )


def mini_gates(program: Program) -> dict[int, frozenset[int]]:
    """The criteria on the list of each pending mini-gate, by the event's id (one query)."""
    rows = MiniGate.criteria.through.objects.filter(
        minigate__event__program=program, minigate__event__state=EventState.PENDING
    ).values_list("minigate__event_id", "criterion_id")
    found: dict[int, set[int]] = {}
    for event_id, criterion_id in rows:
        found.setdefault(event_id, set()).add(criterion_id)
    return {event_id: frozenset(ids) for event_id, ids in found.items()}


def is_open(book: Book, event_id: int, due: date) -> bool:
    """Whether a date of an event still stands open on that day: the last look before a mail leaves (no query)."""
    event = next((event for event in book.events if event.pk == event_id), None)
    return event is not None and any(not entry.is_done for entry in book.of(event, due, due))
