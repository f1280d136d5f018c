"""Sorts one person's work into the sections of the page and puts it into words. No queries, no writes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from accounts.models import User
from core.templatetags.ui import day as written
from core.text import shorten
from dashboard.domain.words import in_days, late
from ownership.enums import Seat
from ownership.models import Nomination
from phases.enums import CriterionState
from phases.models import Criterion, Event, Task
from programs.models import Program
from risks.models import MitigationAction

LATER_ROWS = 5


@dataclass(frozen=True)
class WorkRow:
    """One line: mark, what, where, when, and the one button; with `version` the button finishes a task on the spot."""

    mark: str
    title: str
    href: str
    where: str
    due: str
    late: bool
    button: str
    version: int | None = None
    answer: str = ""
    """Where a late item is acknowledged."""


@dataclass
class Worklist:
    """The sections of the page; `later` is cut, `later_total` is not."""

    soon: list[WorkRow] = field(default_factory=list)
    week: list[WorkRow] = field(default_factory=list)
    review: list[WorkRow] = field(default_factory=list)
    waiting: list[WorkRow] = field(default_factory=list)
    later: list[WorkRow] = field(default_factory=list)
    later_total: int = 0
    open_count: int = 0
    due_tomorrow: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked of the person this week."""
        return not (self.soon or self.week or self.review)


def worklist(
    actor: User,
    *,
    today: dt.date,
    criteria: list[Criterion],
    tasks: list[Task],
    handed_in: list[Criterion],
    outcomes: list[Event],
    actions: list[MitigationAction],
    nominations: list[Nomination],
) -> Worklist:
    """Return the page's sections; lists come soonest first."""
    found = Worklist()
    items: list[Criterion | Task | MitigationAction] = [*criteria, *tasks, *actions]
    dated = sorted(((i.due_date, i.pk, i) for i in items if i.due_date is not None), key=lambda one: one[:2])
    for event in outcomes:
        _outcome(found, event, today)
    found.soon.extend(_nomination(row) for row in nominations)
    for due, _, item in dated:
        days = (due - today).days
        row = _action(item, due, today) if isinstance(item, MitigationAction) else _item(item, today)
        if days <= 1:
            found.soon.append(row)
            found.due_tomorrow += days == 1
        elif days <= 7:
            found.week.append(row)
        else:
            found.later.append(row)
    found.open_count = len(nominations) + sum((due - today).days <= 7 for due, _, _ in dated)
    found.later_total = len(found.later)
    del found.later[LATER_ROWS:]
    for criterion in handed_in:
        verifiers: tuple[int, ...] = criterion.waits_for  # type: ignore[attr-defined]  # set by selectors.work
        if actor.pk in verifiers:
            found.review.append(_review(criterion, today))
        elif criterion.mine:  # type: ignore[attr-defined]
            found.waiting.append(_waiting(criterion, verifiers))
    return found


def _item(item: Criterion | Task, today: dt.date) -> WorkRow:
    days = (item.due_date - today).days
    is_task = isinstance(item, Task)
    href = f"/programs/{item.program.slug}/{'tasks' if is_task else 'criteria'}/{item.slug}/"
    mark, button = ("grey", "Done") if is_task else ("grey", "Add evidence")
    where = item.program.name
    if isinstance(item, Criterion):
        where = f"{item.program.name}, {item.event.name}"
        if item.state == CriterionState.SENT_BACK:
            mark, button = "red", "Mend it"
            where = f"Sent back: “{shorten(item.state_reason, 80)}” {where}"
    version = item.version if is_task else None
    when = _when(item.due_date, today)
    answer = _answer(item.program, "task" if is_task else "criterion", item.pk, days)
    return WorkRow(_urgent(mark, days), shorten(str(item), 120), href, where, when, days < 0, button, version, answer)


def _answer(program: Program, kind: str, pk: int, days: int) -> str:
    return reverse("reminder_own", args=[program.slug, kind, pk]) if days < 0 else ""


def _urgent(mark: str, days: int) -> str:
    return "red" if days < 0 else "amber" if days <= 1 and mark == "grey" else mark


def _when(due: dt.date, today: dt.date) -> str:
    days = (due - today).days
    return late(-days) if days < 0 else in_days(days).capitalize() if days <= 1 else written(due)


def _action(action: MitigationAction, due: dt.date, today: dt.date) -> WorkRow:
    risk, days = action.risk, (due - today).days
    return WorkRow(
        mark=_urgent("grey", days),
        title=shorten(action.text, 120),
        href=reverse("risk", args=[risk.program.slug, risk.slug]),
        where=f"{risk.program.name}, against the risk “{shorten(risk.event, 80)}”",
        due=_when(due, today),
        late=days < 0,
        button="Finish it",
        answer=_answer(risk.program, "action", action.pk, days),
    )


def _nomination(row: Nomination) -> WorkRow:
    seat = row.role.name if row.seat == Seat.OWNER else f"Deputy for {row.role.name}"
    return WorkRow(
        mark="key",
        title=f"Accept or decline: {seat}",
        href=reverse("ownership_answer", args=[row.program.slug, row.role.slug]) + f"?seat={row.seat}",
        where=f"{row.program.name}, it counts once you accept in your own words",
        due=f"Asked {written(row.nominated_on)}",
        late=False,
        button="Answer",
    )


def _outcome(found: Worklist, event: Event, today: dt.date) -> None:
    days = (event.due_date - today).days
    row = WorkRow(
        mark="red" if days < 0 else "key",
        title=f"Record the {'decision' if event.is_gate else 'outcome'}: {event.name}",
        href=f"/programs/{event.program.slug}/gates/{event.slug}/",
        where=event.program.name,
        due=_when(event.due_date, today),
        late=days < 0,
        button="Open",
    )
    (found.soon if days <= 1 else found.week).append(row)


def _review(criterion: Criterion, today: dt.date) -> WorkRow:
    waited = (today - criterion.handed_in_at.date()).days if criterion.handed_in_at else 0
    return WorkRow(
        mark="key",
        title=shorten(criterion.text, 120),
        href=f"/programs/{criterion.program.slug}/criteria/{criterion.slug}/",
        where=f"{criterion.program.name}, {criterion.event.name}, handed in {in_days(-waited)}",
        due=written(criterion.due_date),
        late=False,
        button="Review",
    )


def _waiting(criterion: Criterion, verifiers: tuple[int, ...]) -> WorkRow:
    role = criterion.verifier_role
    people = {p.pk: str(p) for p in (role.holder, role.deputy) if p is not None}
    who = people.get(verifiers[0], "the program manager or sponsor") if verifiers else "nobody: the role is empty"
    since = f" since {written(criterion.handed_in_at.date())}" if criterion.handed_in_at else ""
    return WorkRow(
        mark="amber" if not verifiers else "grey",
        title=shorten(criterion.text, 120),
        href=f"/programs/{criterion.program.slug}/criteria/{criterion.slug}/",
        where=f"{criterion.program.name}, with {who}{since}",
        due="",
        late=False,
        button="",
    )


def next_dates(rows: Iterable[WorkRow]) -> str:
    """Return the words for an otherwise empty page: the next item and its date."""
    first = next(iter(rows), None)
    return f"{first.title}, {first.due}" if first else ""
