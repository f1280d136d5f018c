"""What the calendar page of a program shows of its reviews. Must not write."""

from calendars.selectors.meetings import Plan
from phases.enums import EventState
from phases.models import Event
from programs.models import Program


def reviews_of(program: Program) -> list[Event]:
    """Gates and checkpoints that are not decided, soonest first, with hour and place where set (one query)."""
    rows = Event.objects.filter(program=program, state=EventState.PENDING).select_related("review_time")
    return list(rows.order_by("due_date", "day", "pk"))


def reviews_in(plan: Plan) -> list[Event]:
    """The same from a plan that is loaded (no query)."""
    return [event for event in plan.events if event.state == EventState.PENDING]
