"""Words and states made of a loaded plan, shared by the portfolio line and mission control. No queries, no writes."""

import datetime as dt

from gates.selectors.verdict import verdict_of as verdict_of
from phases.enums import EventState
from phases.selectors.plan import Plan


def gate_state(plan: Plan, event_id: int, today: dt.date) -> str:
    """Return how a gate is drawn: done, late, next or plain."""
    event = next(e for e in plan.events if e.pk == event_id)
    if event.state == EventState.DECIDED:
        return "done"
    upcoming = plan.next_gate()
    if upcoming is None or upcoming.pk != event_id:
        return ""
    return "late" if event.due_date < today else "next"
