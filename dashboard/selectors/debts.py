"""Attention lines of what gates leave open: conditions, waivers about to end, views that are waited for.

Everything is in the reading: no queries, no writes.
"""

import datetime as dt
from collections.abc import Iterator

from accounts.models import User
from core.templatetags.ui import day as written
from core.text import shorten
from dashboard.domain.attention import Kind, Line
from dashboard.domain.words import in_days, late
from dashboard.selectors.attention import SEE, promise
from gates.domain.conditions import Standing
from gates.models import Condition, Waiver
from gates.policies import may_close_condition, may_give_view, may_prove_condition
from gates.selectors.reading import GateReading
from phases.models import Event
from phases.policies import may_work_on
from phases.selectors.plan import Plan
from programs.enums import SPONSOR
from programs.models import Role
from programs.selectors import active

SOON = 7  # days ahead in which a condition or the end of a waiver is worth a line


def lines(plan: Plan, reading: GateReading, *, actor: User) -> Iterator[Line]:
    """Yield a line for each, in no order (no queries); `actor` decides what a button promises."""
    base = f"/programs/{plan.program.slug}/"
    events = {event.pk: event for event in plan.events}
    of_decision = {d.pk: events.get(d.event_id) for d in reading.ledger.decisions}
    for condition, standing in reading.ledger.open_conditions():
        event = of_decision.get(condition.decision_id)
        if event is not None and (condition.due_date - reading.today).days <= SOON:
            yield _condition(plan, condition, standing, event, reading.today, base, actor)
    for waiver in reading.ledger.active_waivers().values():
        if (waiver.expires_on - reading.today).days <= SOON:
            yield from _waiver(plan, waiver, reading.today, base, actor)
    for waiver in reading.ledger.expired_waivers().values():
        yield from _waiver(plan, waiver, reading.today, base, actor)
    for event_id, silent in reading.ledger.silent_seats().items():
        roles = [role for role in plan.cast.roles if role.pk in silent and role.slug != SPONSOR]
        if event_id in events and roles:
            event = events[event_id]
            alternates = reading.ledger.alternates_of(event)
            speaks = any(may_give_view(actor, role, plan.cast, alternates.get(role.pk)) for role in roles)
            yield _views(event, roles, reading.today, base, "Give a view" if speaks else SEE)


def _condition(
    plan: Plan, condition: Condition, standing: Standing, event: Event, today: dt.date, base: str, actor: User
) -> Line:
    role = plan.cast.by_id[condition.owner_role_id]
    owner = active(condition.owner) or active(role.holder) or f"nobody ({role.name} is empty)"
    days = (condition.due_date - today).days
    when = f"due {in_days(days)}" if days >= 0 else late(-days)
    waiting = "; its verifier looks next" if condition.state == "evidence" else ""
    why = f"Condition of {event.name}, {when}, {owner}{waiting}"
    status = "amber" if standing is Standing.OPEN else "red"
    title = shorten(condition.text, 90)
    cast = plan.cast
    may = may_prove_condition(actor, condition, cast) or may_close_condition(actor, condition, cast)
    href = f"{base}gates/{event.slug}/"
    return Line(Kind.CONDITION, status, title, why, href, promise("Close it", may), condition.due_date)


def _waiver(plan: Plan, waiver: Waiver, today: dt.date, base: str, actor: User) -> Iterator[Line]:
    criterion = next((c for c in plan.criteria if c.pk == waiver.criterion_id), None)
    if criterion is None or not criterion.is_open:
        return
    over = waiver.expires_on < today
    why = f"The waiver ended {written(waiver.expires_on)}" if over else f"The waiver ends {written(waiver.expires_on)}"
    why += f"; the proof is still missing, for {criterion.event.name}"
    href = f"{base}criteria/{criterion.slug}/"
    title = shorten(criterion.text, 90)
    button = promise("Prove it", may_work_on(actor, criterion, plan.cast))
    yield Line(Kind.WAIVER, "red" if over else "amber", title, why, href, button, waiver.expires_on)


def _views(event: Event, roles: list[Role], today: dt.date, base: str, button: str) -> Line:
    names = [f"{r.name} ({active(r.holder) or 'nobody'})" for r in roles]
    count = len(names)
    title = f"{event.name} waits for {count} view{'s' if count != 1 else ''}"
    why = f"In review, not heard: {', '.join(names)}"
    return Line(Kind.VIEW, "amber", title, why, f"{base}gates/{event.slug}/", button, max(event.due_date, today))
