"""Attention lines of what gates leave open: conditions, waivers about to end, views that are waited for.

One query for the seats; everything else is in the reading. No writes.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from core.templatetags.ui import day as written
from core.text import shorten
from dashboard.domain.attention import Kind, Line
from dashboard.domain.words import in_days, late
from gates.domain.conditions import Standing
from gates.models import Condition, GateReview, Opinion, Waiver
from gates.selectors.reading import GateReading
from phases.models import Event
from phases.selectors.plan import Plan
from programs.enums import SPONSOR
from programs.models import Program
from programs.selectors import active

SOON = 7  # days ahead in which a condition or the end of a waiver is worth a line


def silent_seats(program: Program) -> dict[int, list[int]]:
    """Return the gatekeeping roles that have not spoken in an open round, by event (one query). G22."""
    rounds = GateReview.objects.filter(program=program, closed_at=None)
    heard = Opinion.objects.filter(review__in=rounds, review__event=OuterRef("event_id"), role=OuterRef("role_id"))
    seats = Event.gatekeepers.through.objects.filter(event__reviews__in=rounds).exclude(role__slug=SPONSOR)
    found: dict[int, list[int]] = defaultdict(list)
    for event_id, role_id in seats.filter(~Exists(heard)).order_by("role__position").values_list("event_id", "role_id"):
        found[event_id].append(role_id)
    return found


def lines(plan: Plan, reading: GateReading, silent: dict[int, list[int]]) -> Iterator[Line]:
    """Yield a line for each, in no order; `silent` comes from `silent_seats`."""
    base = f"/programs/{plan.program.slug}/"
    events = {event.pk: event for event in plan.events}
    of_decision = {d.pk: events.get(d.event_id) for d in reading.ledger.decisions}
    for condition, standing in reading.ledger.open_conditions():
        event = of_decision.get(condition.decision_id)
        if event is not None and (condition.due_date - reading.today).days <= SOON:
            yield _condition(plan, condition, standing, event, reading.today, base)
    for waiver in reading.ledger.active_waivers().values():
        if (waiver.expires_on - reading.today).days <= SOON:
            yield from _waiver(plan, waiver, reading.today, base)
    for waiver in reading.ledger.expired_waivers().values():
        yield from _waiver(plan, waiver, reading.today, base)
    for event_id, roles in silent.items():
        if event_id in events:
            yield _views(plan, events[event_id], roles, reading.today, base)


def _condition(plan: Plan, condition: Condition, standing: Standing, event: Event, today: dt.date, base: str) -> Line:
    role = plan.cast.by_id[condition.owner_role_id]
    owner = active(condition.owner) or active(role.holder) or f"nobody ({role.name} is empty)"
    days = (condition.due_date - today).days
    when = f"due {in_days(days)}" if days >= 0 else late(-days)
    waiting = "; its verifier looks next" if condition.state == "evidence" else ""
    why = f"Condition of {event.name}, {when}, {owner}{waiting}"
    status = "amber" if standing is Standing.OPEN else "red"
    title = shorten(condition.text, 90)
    return Line(Kind.CONDITION, status, title, why, f"{base}gates/{event.slug}/", "Close it", condition.due_date)


def _waiver(plan: Plan, waiver: Waiver, today: dt.date, base: str) -> Iterator[Line]:
    criterion = next((c for c in plan.criteria if c.pk == waiver.criterion_id), None)
    if criterion is None or not criterion.is_open:
        return
    over = waiver.expires_on < today
    why = f"The waiver ended {written(waiver.expires_on)}" if over else f"The waiver ends {written(waiver.expires_on)}"
    why += f"; the proof is still missing, for {criterion.event.name}"
    href = f"{base}criteria/{criterion.slug}/"
    title = shorten(criterion.text, 90)
    yield Line(Kind.WAIVER, "red" if over else "amber", title, why, href, "Prove it", waiver.expires_on)


def _views(plan: Plan, event: Event, roles: list[int], today: dt.date, base: str) -> Line:
    names = [f"{r.name} ({active(r.holder) or 'nobody'})" for r in map(plan.cast.by_id.__getitem__, roles)]
    count = len(names)
    title = f"{event.name} waits for {count} view{'s' if count != 1 else ''}"
    why = f"In review, not heard: {', '.join(names)}"
    return Line(Kind.VIEW, "amber", title, why, f"{base}gates/{event.slug}/", "Give a view", max(event.due_date, today))
