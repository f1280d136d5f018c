"""Rows of tasks and criteria as lists show them, with what the reader may do. Must not query."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from core.decisions import Decision
from phases import policies
from phases.enums import CriterionState
from phases.models import Criterion, Evidence, PlanItem, Task
from phases.selectors.items import responsible_for, verifiers_for
from programs import policies as programs
from programs.selectors import Cast


@dataclass(frozen=True)
class TaskRow:
    """A task in a list. `ahead` marks work before the gate that unlocks its phase (G16).

    `url` and `open` stand here because a template asks for them several times in each of sixty rows.
    """

    task: Task
    url: str
    open: bool
    owner: User | None
    mine: bool
    late: bool
    ahead: bool
    may: Decision


@dataclass(frozen=True)
class CriterionRow:
    """A criterion in a list. `status` and `word` are its pill, `cell` its square; `review` when it waits for me."""

    criterion: Criterion
    url: str
    owner: User | None
    mine: bool
    late: bool
    status: str
    word: str
    cell: str
    review: bool
    has_evidence: bool


@dataclass(frozen=True)
class Proven:
    """A proof in a row that shows what it says: who added it, its age in days, and whether it is too old (G19)."""

    row: Evidence
    added_by: User | None
    age: int
    stale: bool


@dataclass(frozen=True)
class CriterionLook:
    """A criterion with its proofs, as those look at it who decide; a waiver beside it is not met (G4)."""

    row: CriterionRow
    proofs: tuple[Proven, ...]
    waived_until: dt.date | None = None


def people_of(cast: Cast, item: PlanItem | None = None) -> dict[int, User]:
    """Return the people of a program by id, with an item's assignee."""
    found = dict(cast.named)
    if item is not None and item.assignee is not None:
        found[item.assignee.pk] = item.assignee
    return found


def task_row(
    task: Task, actor: User, cast: Cast, today: dt.date, *, people: Mapping[int, User], locked: bool
) -> TaskRow:
    """Build the row of a task; `people` by id, `locked` says that its phase still waits for a gate."""
    found = responsible_for(task, cast)
    started = not task.is_open or task.start_date <= today
    may = policies.may_work_on(actor, task, cast)
    if not may and task.program.is_active and programs.may_manage(actor, cast):
        may = programs.may_manage(actor, cast)
    return TaskRow(
        task=task,
        url=task.get_absolute_url(),
        open=task.is_open,
        owner=_named(found.person, task, people),
        mine=actor.pk == found.addressee,
        late=task.is_open and task.due_date < today,
        ahead=locked and started,
        may=may,
    )


def criterion_row(
    criterion: Criterion,
    actor: User,
    cast: Cast,
    today: dt.date,
    *,
    people: Mapping[int, User],
    newest: dt.date | None,
) -> CriterionRow:
    """Build the row of a criterion; `newest` is the effective date of its newest proof that counts."""
    found = responsible_for(criterion, cast)
    status, word, cell = look(criterion, today, newest)
    waiting = criterion.state == CriterionState.HANDED_IN and actor.pk in verifiers_for(criterion, cast)
    return CriterionRow(
        criterion=criterion,
        url=criterion.get_absolute_url(),
        owner=_named(found.person, criterion, people),
        mine=waiting or (actor.pk == found.addressee and criterion.state != CriterionState.HANDED_IN),
        late=criterion.is_open and criterion.due_date < today,
        status=status,
        word=word,
        cell=cell,
        review=waiting,
        has_evidence=newest is not None,
    )


def criterion_look(
    row: CriterionRow,
    proofs: Iterable[Evidence],
    today: dt.date,
    *,
    people: Mapping[int, User],
    waived_until: dt.date | None = None,
) -> CriterionLook:
    """Build the row with its proofs; those that carry a number come first, the newest of them before others."""
    limit = row.criterion.max_age_days
    found = []
    for proof in proofs:
        age = (today - proof.effective_date).days
        found.append(Proven(proof, people.get(proof.added_by_id), age, age > limit))
    found.sort(key=lambda one: (not one.row.result, one.age))
    return CriterionLook(row, tuple(found), waived_until)


def _named(person_id: int | None, item: PlanItem, people: Mapping[int, User]) -> User | None:
    if person_id is None:
        return None
    return item.assignee if item.assignee is not None and item.assignee.pk == person_id else people.get(person_id)


def look(criterion: Criterion, today: dt.date, newest: dt.date | None) -> tuple[str, str, str]:
    """Return status (shape and colour), word and cell class of a criterion as of today."""
    if not criterion.applicable:
        return "grey", "Does not apply", "na"
    if is_stale(criterion, today, newest):
        return "amber", "Evidence stale", "no"
    match criterion.state:
        case CriterionState.VERIFIED:
            return "green", "Verified", "ok"
        case CriterionState.HANDED_IN:
            return "key", "In review", "rv"
        case CriterionState.SENT_BACK:
            return "red", "Sent back", "no"
    if criterion.due_date < today:
        return "red", "Overdue", "no"
    return "grey", "Not handed in" if newest else "Open", ""


def is_stale(criterion: Criterion, today: dt.date, newest: dt.date | None) -> bool:
    """Whether the newest proof is older than the criterion allows (G19)."""
    return newest is not None and (today - newest).days > criterion.max_age_days
