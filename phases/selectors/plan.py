"""A whole program in a handful of queries, wired up in memory. Must not write.

Pages, readiness and reminders all read from here, so that they see the same plan; the number of queries does not
depend on its size.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from core.gathering import Prepared, PreparedRows, prefetched
from ownership.domain.gaps import Holding
from ownership.selectors import holdings
from phases.enums import EventState, ItemKind
from phases.models import Criterion, DateChange, Event, Evidence, Phase, PlanItem, Task, Workstream
from phases.selectors.items import responsible_for
from programs.models import OwnershipArea, Program
from programs.selectors import Cast, active, cast_of


@dataclass(frozen=True)
class Plan:
    """Everything of one program that pages need; lists in their natural order."""

    program: Program
    cast: Cast
    phases: list[Phase]
    workstreams: list[Workstream]
    events: list[Event]
    criteria: list[Criterion]
    tasks: list[Task]
    evidence: dict[int, list[Evidence]]
    areas: list[OwnershipArea]
    moves: Counter[tuple[str, int]]
    people: dict[int, User] = field(default_factory=dict)

    def next_gate(self) -> Event | None:
        """The first gate without a decision: the one readiness is about."""
        return next((e for e in self.events if e.is_gate and e.state == EventState.PENDING), None)

    def open_criteria(self) -> list[Criterion]:
        """Applicable criteria that are not verified yet."""
        return [c for c in self.criteria if c.is_open]

    def criteria_of(self, event: Event) -> list[Criterion]:
        """Criteria of one gate or checkpoint, not-applicable ones included."""
        return [c for c in self.criteria if c.event_id == event.pk]

    def owner_of(self, item: PlanItem) -> User | None:
        """The person who answers for an item, None when nobody does."""
        return self.person(responsible_for(item, self.cast).person)

    def addressee_of(self, item: PlanItem) -> User | None:
        """Whom to turn to: the owner, else the program manager standing in."""
        return self.person(responsible_for(item, self.cast).addressee)

    def person(self, person_id: int | None) -> User | None:
        """A person of this program by id."""
        return None if person_id is None else self.people.get(person_id)

    def vacant_areas(self) -> list[OwnershipArea]:
        """Ownership areas whose role nobody holds."""
        return [area for area in self.areas if active(self.cast.by_id[area.role_id].holder) is None]

    def holdings(self) -> tuple[Holding, ...]:
        """Ownership areas as the register shows them: who owns, who accepted, since when."""
        return holdings(self.areas, self.cast.by_id)

    def proven_by(self, criterion: Criterion) -> list[Evidence]:
        """Evidence that counts: not withdrawn, newest effective date first."""
        return self.evidence.get(criterion.pk, [])


def _few(program: int) -> list[QuerySet[Any]]:
    own = {"program": program}
    return [
        Event.objects.filter(**own),
        Event.gatekeepers.through.objects.filter(event__program=program),
        Phase.objects.filter(**own),
        Workstream.objects.filter(**own),
        OwnershipArea.objects.filter(**own),
        DateChange.objects.filter(**own, old_date__isnull=False).only("item_kind", "item_id", "field"),
    ]


_FEW = Prepared(_few)
_CRITERIA = PreparedRows(lambda program: Criterion.objects.filter(program=program).select_related("assignee"))
_TASKS = PreparedRows(lambda program: Task.objects.filter(program=program).select_related("assignee"))
_EVIDENCE = PreparedRows(lambda program: Evidence.objects.filter(criterion__program=program, withdrawn_at__isnull=True))


def load_plan(program: Program, cast: Cast | None = None, *, tasks: bool = True) -> Plan:
    """Load a program's plan with five queries, whatever its size; four when its `cast` is loaded already.

    `tasks=False` leaves the tasks out, with one query less, for pages that show criteria alone.
    """
    cast = cast or cast_of(program)
    few = _load_few(program, cast)
    events, phases, workstreams = few.events, few.phases, few.workstreams
    criteria, todo = _CRITERIA.rows(program.pk), _TASKS.rows(program.pk) if tasks else []
    by_event = {e.pk: e for e in events}
    by_stream = {w.pk: w for w in workstreams}
    for criterion in criteria:
        criterion.event = by_event[criterion.event_id]
        criterion.owner_role = cast.by_id[criterion.owner_role_id]
        criterion.verifier_role = cast.by_id[criterion.verifier_role_id]
        criterion.program = program
    for task in todo:
        task.workstream = by_stream[task.workstream_id]
        task.owner_role = cast.by_id[task.owner_role_id]
        task.program = program
    by_phase = {p.pk: p for p in phases}
    for event in events:
        event.phase, event.program = by_phase[event.phase_id], program
    for stream in workstreams:
        stream.phase = by_phase[stream.phase_id]
        stream.lead_role = cast.by_id[stream.lead_role_id]
    return Plan(
        program=program,
        cast=cast,
        phases=phases,
        workstreams=workstreams,
        events=events,
        criteria=criteria,
        tasks=todo,
        evidence=_evidence(program),
        areas=few.areas,
        moves=few.moves,
        people=_people(cast, [*criteria, *todo]),
    )


def _evidence(program: Program) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    for row in _EVIDENCE.rows(program.pk):
        found.setdefault(row.criterion_id, []).append(row)
    return found


@dataclass(frozen=True)
class _Few:
    """What a plan has few rows of."""

    events: list[Event]
    phases: list[Phase]
    workstreams: list[Workstream]
    areas: list[OwnershipArea]
    moves: Counter[tuple[str, int]]


def _load_few(program: Program, cast: Cast) -> _Few:
    """Events with their gatekeepers, phases, workstreams, areas and moved dates (one query)."""
    events, kept, phases, workstreams, areas, changes = _FEW.gather(program.pk)
    keepers: dict[int, set[int]] = {}
    for seat in kept:
        keepers.setdefault(seat.event_id, set()).add(seat.role_id)
    for event in events:
        prefetched(event, "gatekeepers", [role for role in cast.roles if role.pk in keepers.get(event.pk, ())])
    return _Few(
        events=sorted(events, key=lambda row: (row.day, row.pk)),
        phases=sorted(phases, key=lambda row: row.position),
        workstreams=sorted(workstreams, key=lambda row: row.position),
        areas=sorted(areas, key=lambda row: (row.position, row.pk)),
        moves=most_moved((row.item_kind, row.item_id, row.field) for row in changes),
    )


def most_moved(changes: Iterable[tuple[str, int, str]]) -> Counter[tuple[str, int]]:
    """How often the same date of a thing moved (honesty rule 7): agreed and forecast dates are counted apart."""
    found: Counter[tuple[str, int]] = Counter()
    for (kind, item, _), times in Counter(changes).items():
        key = (str(ItemKind(kind)), item)
        found[key] = max(found[key], times)
    return found


def _people(cast: Cast, items: list[PlanItem]) -> dict[int, User]:
    found = {p.pk: p for role in cast.roles for p in (role.holder, role.deputy) if p is not None}
    found.update({item.assignee.pk: item.assignee for item in items if item.assignee is not None})
    return found
