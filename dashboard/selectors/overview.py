"""Loads what mission control and portfolio lines need of programs: narrow rows, a fixed number of queries. No writes.

`phases.selectors.load_plan` loads everything of one program; here whole texts, workstreams and gatekeepers stay in
the database, many programs are loaded by the same five queries as one, and rows skip the queryset's object building,
which took two thirds of the page.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import User
from core.gathering import Prepared, PreparedRows
from core.rows import bare
from phases.models import Criterion, DateChange, Event, Evidence, Phase, Task
from phases.selectors.plan import Plan, most_moved
from programs.models import OwnershipArea, Program, Role
from programs.selectors import Cast

_PERSON = ("id", "name", "email", "is_active", "no_mail_since")
_ITEM = ("id", "program_id", "slug", "due_day", "due_date", "forecast_date", "owner_role_id", "assignee_id", "version")
_ROLE = ("id", "program_id", "slug", "name", "position", "vacant_since", "version", "holder_id", "deputy_id")
_PHASE = ("id", "slug", "name", "position", "start_day", "end_day", "start_date", "end_date")
_EVENT = (
    "id", "program_id", "phase_id", "slug", "kind", "name", "day", "due_date", "forecast_date", "state", "outcome",
    "decided_at",
)  # fmt: skip
_CRITERION = (
    *_ITEM, "event_id", "dimension_slug", "dimension_name", "level", "non_waivable", "verifier_role_id",
    "max_age_days", "applicable", "state", "text", "handed_in_at", "handed_in_by_id", "verified_at",
)  # fmt: skip
_TASK = (*_ITEM, "title", "state", "done_at", "after_end")
_AREA = (
    "program_id", "slug", "name", "role_id", "accepted_by_id", "effective_from", "deputy_accepted_by_id",
)  # fmt: skip


def _joined(who: str) -> list[str]:
    return [f"{who}__{name}" for name in _PERSON]


def _criteria(names: tuple[str, ...]) -> PreparedRows[Criterion]:
    return PreparedRows(
        lambda *programs: (
            Criterion.objects.filter(program__in=programs)
            .order_by("due_day", "position", "id")
            .values_list(*names, *_joined("assignee"))
        )
    )


_ROLES = PreparedRows(
    lambda *programs: (
        Role.objects.filter(program__in=programs)
        .order_by("position", "id")
        .values_list(*_ROLE, *_joined("holder"), *_joined("deputy"))
    )
)
_EVENTS = PreparedRows(
    lambda *programs: (
        Event.objects.filter(program__in=programs)
        .order_by("day", "id")
        .values_list(*_EVENT, *(f"phase__{name}" for name in _PHASE))
    )
)
_CRITERIA, _WITH_REASON = _criteria(_CRITERION), _criteria((*_CRITERION, "state_reason"))
_TASKS = PreparedRows(
    lambda *programs: (
        Task.objects.filter(program__in=programs)
        .order_by("start_day", "due_day", "position", "id")
        .values_list(*_TASK, *_joined("assignee"))
    )
)
_REST = Prepared(
    lambda *programs: [
        OwnershipArea.objects.filter(program__in=programs).only(*_AREA, "position"),
        Evidence.objects.filter(criterion__program__in=programs, withdrawn_at__isnull=True).only(
            "criterion_id", "effective_date"
        ),
        DateChange.objects.filter(program__in=programs, old_date__isnull=False).only("item_kind", "item_id", "field"),
    ]
)


@dataclass
class _Loaded:
    """Rows of several programs while they are sorted apart."""

    programs: dict[int, Program]
    people: dict[int, User] = field(default_factory=dict)
    roles: dict[int, list[Role]] = field(default_factory=lambda: defaultdict(list))
    phases: dict[int, Phase] = field(default_factory=dict)
    events: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    by_event: dict[int, Event] = field(default_factory=dict)
    criteria: dict[int, list[Criterion]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[int, list[Task]] = field(default_factory=lambda: defaultdict(list))
    areas: dict[int, list[OwnershipArea]] = field(default_factory=lambda: defaultdict(list))

    def person(self, values: tuple[object, ...]) -> User | None:
        """Return the one object for a person, or None where the join found nobody."""
        key = values[0]
        if not isinstance(key, int):
            return None
        if key not in self.people:
            self.people[key] = bare(User, _PERSON, values)
        return self.people[key]


def load_overviews(programs: Iterable[Program], *, lists: bool = True) -> list[Plan]:
    """Return one narrow plan per program, in order, with five queries in all (four without `lists`).

    Tasks and why a criterion was sent back are left out without `lists`: a portfolio line shows neither.
    """
    found = _Loaded({program.pk: program for program in programs})
    if not found.programs:
        return []
    _load_roles(found)
    _load_events(found)
    _load_criteria(found, lists=lists)
    if lists:
        _load_tasks(found)
    evidence, moves = _load_rest(found)
    return [_assembled(found, program, evidence, moves) for program in found.programs.values()]


def _load_roles(found: _Loaded) -> None:
    cut, end = len(_ROLE), len(_ROLE) + len(_PERSON)
    for row in _ROLES.values(*found.programs):
        people = {"holder": found.person(row[cut:end]), "deputy": found.person(row[end:])}
        found.roles[row[1]].append(bare(Role, _ROLE, row[:cut], program=found.programs[row[1]], **people))


def _load_events(found: _Loaded) -> None:
    cut = len(_EVENT)
    for row in _EVENTS.values(*found.programs):
        phase = found.phases.get(row[cut]) or found.phases.setdefault(row[cut], bare(Phase, _PHASE, row[cut:]))
        event = bare(Event, _EVENT, row[:cut], program=found.programs[row[1]], phase=phase)
        found.events[event.program_id].append(event)
        found.by_event[event.pk] = event


def _load_criteria(found: _Loaded, *, lists: bool) -> None:
    names = (*_CRITERION, "state_reason") if lists else _CRITERION
    cut, event_at = len(names), names.index("event_id")
    for row in (_WITH_REASON if lists else _CRITERIA).values(*found.programs):
        related = {"program": found.programs[row[1]], "event": found.by_event[row[event_at]]}
        found.criteria[row[1]].append(bare(Criterion, names, row[:cut], assignee=found.person(row[cut:]), **related))


def _load_tasks(found: _Loaded) -> None:
    cut = len(_TASK)
    for row in _TASKS.values(*found.programs):
        program = found.programs[row[1]]
        found.tasks[row[1]].append(bare(Task, _TASK, row[:cut], program=program, assignee=found.person(row[cut:])))


def _load_rest(found: _Loaded) -> tuple[dict[int, list[Evidence]], Counter[tuple[str, int]]]:
    """Areas, evidence by criterion and how often each thing moved: few narrow columns, so they share a query."""
    areas, proofs, changes = _REST.gather(*found.programs)
    for area in sorted(areas, key=lambda row: (row.position, row.pk)):
        found.areas[area.program_id].append(area)
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for proof in proofs:
        evidence[proof.criterion_id].append(proof)
    return evidence, most_moved((row.item_kind, row.item_id, row.field) for row in changes)


def _assembled(
    found: _Loaded, program: Program, evidence: dict[int, list[Evidence]], moves: Counter[tuple[str, int]]
) -> Plan:
    events = found.events[program.pk]
    phases = {event.phase_id: event.phase for event in events}
    return Plan(
        program=program,
        cast=Cast(program, tuple(found.roles[program.pk])),
        phases=sorted(phases.values(), key=lambda phase: phase.position),
        workstreams=[],
        events=events,
        criteria=found.criteria[program.pk],
        tasks=found.tasks[program.pk],
        evidence=evidence,
        areas=found.areas[program.pk],
        moves=moves,
        people=found.people,
    )
