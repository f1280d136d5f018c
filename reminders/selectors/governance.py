"""Dates of the calendar after day 90 and pending mini-gates, as the planner's facts. Must not decide anything."""

from datetime import date, timedelta

from gates.models import MiniGate
from governance.models import GovernanceEvent, GovernanceOccurrence
from governance.selectors.calendar import Book, book_of
from programs.selectors import Cast
from reminders.domain.facts import GovernanceFacts
from reminders.selectors.rows import LISTED, Rows

BEHIND, AHEAD = timedelta(days=45), timedelta(days=150)
"""Days around today at which planner and preview look: back for a whole ladder, ahead for the longest lead."""


def dates(rows: Rows, cast: Cast) -> tuple[GovernanceFacts, ...]:
    """Dates of the calendar around today that are not done."""
    book = book_of(rows.program, rows.of(GovernanceEvent), rows.of(GovernanceOccurrence))
    return tuple(
        GovernanceFacts(
            entry.event.pk, entry.event.slug, entry.event.name, entry.due, cast.by_id[entry.event.owner_role_id].slug
        )
        for entry in book.between(book.today - BEHIND, book.today + AHEAD)
        if not entry.is_done
    )


def mini_gates(rows: Rows) -> dict[int, frozenset[int]]:
    """The criteria on the list of each pending mini-gate, by the event's id."""
    found: dict[int, set[int]] = {}
    events = {mini.pk: mini.event_id for mini in rows.of(MiniGate)}
    for listed in rows.of(LISTED):
        found.setdefault(events[listed.minigate_id], set()).add(listed.criterion_id)
    return {event_id: frozenset(ids) for event_id, ids in found.items()}


def is_open(book: Book, event_id: int, due: date) -> bool:
    """Whether a date of an event still stands open on that day: the last look before a mail leaves (no query)."""
    event = next((event for event in book.events if event.pk == event_id), None)
    return event is not None and any(not entry.is_done for entry in book.of(event, due, due))
