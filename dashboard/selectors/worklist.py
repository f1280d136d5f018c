"""Sorts one person's work into the sections of the page and puts it into words. No queries, no writes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import User
from core.templatetags.ui import day as written
from core.text import shorten
from dashboard.domain.words import in_days, late
from phases.enums import CriterionState
from phases.models import Criterion, Event, Task

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
) -> Worklist:
    """Return the page's sections; lists come soonest first."""
    found = Worklist()
    items: list[Criterion | Task] = sorted([*criteria, *tasks], key=lambda i: (i.due_date, i.pk))
    for event in outcomes:
        _outcome(found, event, today)
    for item in items:
        days = (item.due_date - today).days
        row = _item(item, today)
        if days <= 1:
            found.soon.append(row)
            found.due_tomorrow += days == 1
        elif days <= 7:
            found.week.append(row)
        else:
            found.later.append(row)
    found.open_count = sum((i.due_date - today).days <= 7 for i in items)
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
    if days < 0:
        mark = "red"
    elif days <= 1 and mark == "grey":
        mark = "amber"
    due = late(-days) if days < 0 else in_days(days).capitalize() if days <= 1 else written(item.due_date)
    version = item.version if is_task else None
    return WorkRow(mark, shorten(str(item), 120), href, where, due, days < 0, button, version)


def _outcome(found: Worklist, event: Event, today: dt.date) -> None:
    days = (event.due_date - today).days
    row = WorkRow(
        mark="red" if days < 0 else "key",
        title=f"Record the {'decision' if event.is_gate else 'outcome'}: {event.name}",
        href=f"/programs/{event.program.slug}/gates/{event.slug}/",
        where=event.program.name,
        due=late(-days) if days < 0 else in_days(days).capitalize() if days <= 1 else written(event.due_date),
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
