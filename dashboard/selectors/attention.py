"""Finds what needs somebody in a loaded plan; ordering is `dashboard.domain.attention`. No queries, no writes."""

import datetime as dt
from collections.abc import Iterator

from accounts.models import User
from core.decisions import Decision
from core.templatetags.ui import day as written
from core.text import shorten
from dashboard.domain.attention import Kind, Line
from dashboard.domain.words import in_days, late, since
from gates.selectors.reading import GateReading
from ownership.domain.gaps import unowned
from phases.domain.readiness import Proof
from phases.enums import CriterionState, EventState, Outcome
from phases.models import Criterion, Event, PlanItem
from phases.policies import may_verify, may_work_on
from phases.selectors.plan import Plan
from phases.selectors.reading import Reading, thresholds
from programs.enums import SPONSOR

SEE = "See it"
SOON = 7  # days ahead in which a must-meet without proof is worth a line
REVIEW_AFTER = 2  # days a handed-in criterion may wait before it is worth a line


def lines(plan: Plan, reading: GateReading, *, actor: User, may_assign: bool) -> Iterator[Line]:
    """Yield every line worth somebody's attention, in no order.

    `actor` decides what a button promises, `may_assign` where an empty role leads (security.md 8: no dead end).
    """
    base = f"/programs/{plan.program.slug}/"
    yield from _gates(plan, reading, base)
    yield from _roles(plan, reading.today, base, may_assign=may_assign)
    yield from _areas(plan, reading.today, base)
    yield from _unreached(plan, reading.today, base)
    for criterion in plan.criteria:
        if criterion.is_open or reading.proofs[criterion.pk] is Proof.STALE:
            line = _criterion(plan, reading, criterion, base, actor)
            if line:
                yield line
    for task in plan.tasks:
        if task.is_open and task.due_date < reading.today:
            why = f"Task, {late((reading.today - task.due_date).days)}, {owner_name(plan, task)}"
            title = shorten(task.title, 90)
            yield Line(Kind.TASK, "amber", title, why, f"{base}tasks/{task.slug}/", "Open", task.due_date)


def promise(word: str, may: Decision) -> str:
    """Return what a button says: the act to those who may do it, else only that there is something to see."""
    return word if may else SEE


def owner_name(plan: Plan, item: PlanItem) -> str:
    """Name who answers for an item; "nobody" is said, not hidden."""
    person = plan.owner_of(item)
    if person is not None:
        return str(person)
    return f"nobody ({plan.cast.by_id[item.owner_role_id].name} is empty)"


def _gates(plan: Plan, reading: GateReading, base: str) -> Iterator[Line]:
    today = reading.today
    for event in plan.events:
        if event.state == EventState.DECIDED:
            continue
        last = reading.ledger.current(event)
        if last is not None and last.word == Outcome.HOLD and last.review_date is not None:
            yield from _held(event, last.review_date, today, base)
            continue
        if event.due_date >= today:
            continue
        days = plan.program.calendar.working_days_between(event.due_date, today)
        who = plan.cast.holder(SPONSOR) if event.is_gate else plan.cast.manager
        what = "decision" if event.is_gate else "outcome"
        why = f"Was due {written(event.due_date)}, {days} working day{'s' if days != 1 else ''} ago. "
        why += f"{who} records it" if who else "Nobody holds the role that records it"
        title = f"{event.name} has no {what} on record"
        status = "red" if event.is_gate else "amber"
        weight = 1.0 if event.is_gate else 0.6
        href = f"{base}gates/{event.slug}/"
        yield Line(Kind.GATE_OVERDUE, status, title, why, href, "Open it", event.due_date, weight)


def _held(event: Event, review: dt.date, today: dt.date, base: str) -> Iterator[Line]:
    """A held gate is not overdue; from a week before its review on it wants a decision (G8)."""
    if (review - today).days > SOON:
        return
    over = review < today
    title = f"{event.name} is on hold{', and the review has passed' if over else ''}"
    why = f"The review {'was' if over else 'is'} due {written(review)}; then Go, Recycle or Stop"
    status = "red" if over else "amber"
    yield Line(Kind.GATE_OVERDUE, status, title, why, f"{base}gates/{event.slug}/", "Open it", review)


def _roles(plan: Plan, today: dt.date, base: str, *, may_assign: bool) -> Iterator[Line]:
    areas = {area.role_id: area.name for area in plan.vacant_areas()}
    for role in plan.cast.vacant:
        open_items: list[PlanItem] = [*plan.open_criteria(), *(t for t in plan.tasks if t.is_open)]
        waiting = [i for i in open_items if i.owner_role_id == role.pk]
        unowned = [i for i in waiting if plan.owner_of(i) is None]
        if not unowned and role.pk not in areas:
            continue
        first = min((i.due_date for i in unowned), default=today + dt.timedelta(days=30))
        parts = [f"Empty {since(role.vacant_since, today)}" if role.vacant_since else "The account is deactivated"]
        if unowned:
            parts.append(f"{len(unowned)} open item{'s' if len(unowned) != 1 else ''}, first due {written(first)}")
        if role.pk in areas:
            parts.append(f"owns {areas[role.pk]}")
        title = f"Nobody is {role.name}"
        href, button = (f"{base}owners/{role.slug}/", "Assign") if may_assign else (f"{base}owners/", "See owners")
        yield Line(Kind.VACANT, "red", title, "; ".join(parts), href, button, max(first, today))


def _unreached(plan: Plan, today: dt.date, base: str) -> Iterator[Line]:
    """People of the program to whom mails come back (P7): one line each, whatever the number of their roles."""
    for person in plan.cast.people:
        if person.no_mail_since is None:
            continue
        held = [role.name for role in plan.cast.roles if person.pk in (role.holder_id, role.deputy_id)]
        why = f"Since {written(person.no_mail_since.date())}; {', '.join(held)}"
        href = f"{base}owners/"
        yield Line(Kind.UNREACHED, "red", f"No mail reaches {person}", why, href, "See owners", today)


def _areas(plan: Plan, today: dt.date, base: str) -> Iterator[Line]:
    """Areas somebody is named for and that are still not owned; empty roles have their line already."""
    named = [h for h in plan.holdings() if h.owner is not None and h.owner.active]
    for gap in unowned(named, today):
        due = plan.program.start_date + dt.timedelta(days=thresholds(plan).area_vacant_red_after_day - 1)
        status = "red" if today > due else "amber"
        title = f"{gap.name} is not owned yet"
        yield Line(Kind.VACANT, status, title, gap.sentence, f"{base}owners/", "See owners", max(due, today), 0.5)


def _criterion(plan: Plan, reading: Reading, criterion: Criterion, base: str, actor: User) -> Line | None:
    today, due = reading.today, criterion.due_date
    level = "Must-meet" if criterion.is_must else "Should-meet"
    where = f"{level} for {criterion.event.name}"
    proof = reading.proofs[criterion.pk]

    def line(kind: Kind, status: str, why: str, button: str, when: dt.date = due) -> Line:
        weight = (1.5 if criterion.non_waivable else 1.0) if criterion.is_must else 0.4
        href = f"{base}criteria/{criterion.slug}/"
        return Line(kind, status, shorten(criterion.text, 90), why, href, button, when, weight)

    def owner() -> str:
        return owner_name(plan, criterion)

    def works(word: str) -> str:
        return promise(word, may_work_on(actor, criterion, plan.cast))

    if criterion.state == CriterionState.SENT_BACK:
        why = f"Sent back: “{shorten(criterion.state_reason, 90)}” {owner()}, due {written(due)}"
        return line(Kind.SENT_BACK, "red", why, works("Mend it"), min(due, today))
    if criterion.state == CriterionState.HANDED_IN:
        waited = (today - criterion.handed_in_at.date()).days if criterion.handed_in_at else 0
        if due >= today and waited < REVIEW_AFTER:
            return None
        role = plan.cast.by_id[criterion.verifier_role_id]
        verifies = may_verify(actor, criterion, plan.cast)
        why = f"{where}; handed in {in_days(-waited)}, {role.name} verifies"
        return line(Kind.REVIEW, "amber", why, promise("Review", verifies))
    if proof is Proof.STALE:
        why = f"{where}; the evidence is older than {criterion.max_age_days} days, {owner()}"
        return line(Kind.STALE, "amber", why, works("Renew"), today)
    status = "red" if criterion.is_must else "amber"
    if due < today:
        return line(Kind.OVERDUE, status, f"{where}, {late((today - due).days)}, {owner()}", "Open")
    if criterion.forecast_date and criterion.forecast_date > criterion.event.due_date:
        why = f"{where}; expected {written(criterion.forecast_date)}, after the gate, {owner()}"
        return line(Kind.FORECAST, status, why, "Open")
    if criterion.is_must and (due - today).days <= SOON and proof is Proof.NONE:
        why = f"{where}, no evidence, due {in_days((due - today).days)}, {owner()}"
        return line(Kind.DUE_SOON, "amber", why, "Open")
    return None
