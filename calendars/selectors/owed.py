"""What is due by a day and by whom, as dates of a feed: seven queries. Must not write or judge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from calendars.domain.ics import Item, uid
from calendars.selectors.meetings import Plan
from core import clock
from core.text import one_line, shorten
from gates.enums import ConditionState
from gates.models import Condition
from governance.models import GovernanceEvent, GovernanceOccurrence
from governance.selectors.calendar import book_of
from phases.enums import TaskState
from phases.models import Task
from reminders.selectors.facts import ALIVE
from risks.domain.register import PhaseStart, counts, positions_reached
from risks.models import MitigationAction, Risk

MONTH = timedelta(days=31)
TITLE = 80
"""Characters of a title, as much as a calendar shows; longer texts are in the note in full."""


@dataclass(frozen=True)
class _Due:
    """One thing of a program that somebody owes by a day; `person` answers for it by name."""

    kind: str
    id: int
    role_id: int
    text: str
    on: date
    version: int
    path: str
    person: User | None = None
    planned: date | None = None


def owed(plans: Iterable[Plan], mine: int | None) -> Iterator[Item]:
    """What is open in programs that go on: all of it, or what one person answers for."""
    alive = {plan.program.pk: plan for plan in plans if plan.program.state in ALIVE}
    for program_id, due in (*_work(alive), *_against_risks(alive), *_governance(alive)):
        plan = alive[program_id]
        if mine is None or plan.answers(due.role_id, due.person) == mine:
            yield Item(
                uid=uid(due.kind, due.id, settings.MAIL_DOMAIN, due.planned),
                sequence=max(0, due.version - 1),
                summary=f"{shorten(one_line(due.text), TITLE)} ({plan.program.name})",
                on=due.on,
                note=due.text if len(due.text) > TITLE else "",
                url=f"{settings.SITE_URL}{due.path}",
            )


Found = Iterator[tuple[int, _Due]]


def _work(alive: dict[int, Plan]) -> Found:
    """Criteria, tasks, conditions."""
    for plan in alive.values():
        slug = plan.program.slug
        for row in plan.criteria:
            if row.is_open:
                path = reverse("criterion", args=[slug, row.slug])
                yield (
                    plan.program.pk,
                    _Due(
                        "criterion",
                        row.pk,
                        row.owner_role_id,
                        f"Due: {row.text}",
                        row.due_date,
                        row.version,
                        path,
                        row.assignee,
                    ),
                )
    tasks = Task.objects.filter(program__in=alive, state=TaskState.OPEN).select_related("assignee")
    for task in tasks.order_by("pk"):
        path = reverse("task", args=[alive[task.program_id].program.slug, task.slug])
        yield (
            task.program_id,
            _Due(
                "task",
                task.pk,
                task.owner_role_id,
                f"Due: {task.title}",
                task.due_date,
                task.version,
                path,
                task.assignee,
            ),
        )
    debts = Condition.objects.filter(program__in=alive, decision__superseded_by__isnull=True)
    for debt in debts.exclude(state=ConditionState.CLOSED).select_related("owner", "decision__event").order_by("pk"):
        path = reverse("gate", args=[alive[debt.program_id].program.slug, debt.decision.event.slug])
        yield (
            debt.program_id,
            _Due(
                "condition",
                debt.pk,
                debt.owner_role_id,
                f"Condition: {debt.text}",
                debt.due_date,
                debt.version,
                path,
                debt.owner,
            ),
        )


def _against_risks(alive: dict[int, Plan]) -> Found:
    """Mitigation actions with a date, and reviews of risks that count today."""
    actions = MitigationAction.objects.filter(risk__program__in=alive, risk__closed_at=None, done_at=None)
    for row in actions.filter(due_date__isnull=False).select_related("risk").order_by("pk"):
        risk = row.risk
        path = reverse("risk", args=[alive[risk.program_id].program.slug, risk.slug])
        assert row.due_date is not None  # noqa: S101 - the filter above; this tells the type checker
        yield (
            risk.program_id,
            _Due("action", row.pk, row.owner_role_id, f"Due: {row.text}", row.due_date, row.version, path),
        )
    reviews = Risk.objects.filter(program__in=alive, closed_at=None, review_on__isnull=False)
    for risk in reviews.order_by("pk"):
        plan = alive[risk.program_id]
        if risk.review_on is None or not _counts(plan, risk):
            continue
        path = reverse("risk", args=[plan.program.slug, risk.slug])
        text = f"Risk review: {risk.event}"
        yield risk.program_id, _Due("risk", risk.pk, risk.owner_role_id, text, risk.review_on, risk.version, path)


def _counts(plan: Plan, risk: Risk) -> bool:
    """Whether the phase of a risk has begun, or it was raised early (S89)."""
    phases = {event.phase.slug: event.phase for event in plan.events}
    starts = [PhaseStart(phase.slug, phase.position, phase.start_date) for phase in phases.values()]
    reached = positions_reached(starts, clock.today(plan.program.time_zone))
    positions = {phase.slug: phase.position for phase in phases.values()}
    return counts(risk.raise_from_phase, raised=risk.raised_at is not None, reached=reached, positions=positions)


def _governance(alive: dict[int, Plan]) -> Found:
    """Dates of the calendar after day 90 that are not held yet."""
    events = list(GovernanceEvent.objects.filter(program__in=alive).order_by("pk"))
    touched = list(GovernanceOccurrence.objects.filter(event__program__in=alive).order_by("pk"))
    program_of = {event.pk: event.program_id for event in events}
    for program_id, plan in alive.items():
        own = [event for event in events if event.program_id == program_id]
        rows = [row for row in touched if program_of[row.event_id] == program_id]
        book = book_of(plan.program, own, rows)
        for entry in book.between(book.today - 2 * MONTH, book.today + 13 * MONTH):
            if entry.is_done:
                continue
            path = reverse("governance_event", args=[plan.program.slug, entry.event.slug])
            role, number = entry.event.owner_role_id, entry.event.version + entry.version
            yield (
                program_id,
                _Due(
                    "governance", entry.event.pk, role, entry.event.name, entry.due, number, path, None, entry.planned
                ),
            )
