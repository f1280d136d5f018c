"""Loads what mission control and portfolio lines need of programs: narrow rows, a fixed number of queries. No writes.

`phases.selectors.load_plan` loads everything of one program; here whole texts, workstreams and gatekeepers stay in
the database, and many programs are loaded by the same seven queries as one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from accounts.models import User
from phases.enums import ItemKind
from phases.models import Criterion, DateChange, Event, Evidence, Phase, Task
from phases.selectors.plan import Plan
from programs.models import OwnershipArea, Program, Role
from programs.selectors import Cast

_PERSON = ("name", "email", "is_active")
_ITEM = ("slug", "position", "due_day", "due_date", "forecast_date", "owner_role_id", "assignee_id", "version")


def load_overviews(programs: Iterable[Program], *, texts: bool = True) -> list[Plan]:
    """Return one narrow plan per program, in order, with seven queries in all.

    Criteria carry their text only with `texts`; tasks are left out without it (a portfolio line shows neither).
    """
    listed = list(programs)
    roles = _by_program(
        Role.objects.filter(program__in=listed)
        .select_related("holder", "deputy")
        .only(
            "slug", "name", "position", "program_id", "vacant_since", "version", "holder_id", "deputy_id",
            *(f"{who}__{field}" for who in ("holder", "deputy") for field in _PERSON),
        )
    )  # fmt: skip
    events = _by_program(
        Event.objects.filter(program__in=listed).select_related("phase").defer("look_at", "reason", "phase__question")
    )
    criteria = _by_program(_criteria(listed, texts=texts))
    tasks = _by_program(_tasks(listed)) if texts else {}
    evidence = _evidence(listed)
    areas = _by_program(
        OwnershipArea.objects.filter(program__in=listed).only("slug", "name", "position", "role_id", "program_id")
    )
    moves = _moves(listed)
    return [
        _assembled(
            program,
            roles.get(program.pk, []),
            events.get(program.pk, []),
            criteria.get(program.pk, []),
            tasks.get(program.pk, []),
            areas.get(program.pk, []),
            evidence,
            moves,
        )
        for program in listed
    ]


def _criteria(programs: list[Program], *, texts: bool) -> Iterable[Criterion]:
    fields = [
        *_ITEM, "program_id", "event_id", "dimension_slug", "dimension_name", "level", "non_waivable",
        "verifier_role_id", "max_age_days", "applicable", "state", "handed_in_at", "handed_in_by_id", "verified_at",
    ]  # fmt: skip
    if texts:
        fields += ["text", "state_reason"]
    people = [f"assignee__{field}" for field in _PERSON]
    return Criterion.objects.filter(program__in=programs).select_related("assignee").only(*fields, *people)


def _tasks(programs: list[Program]) -> Iterable[Task]:
    fields = [*_ITEM, "program_id", "workstream_id", "title", "state", "done_at"]
    people = [f"assignee__{field}" for field in _PERSON]
    return Task.objects.filter(program__in=programs).select_related("assignee").only(*fields, *people)


def _evidence(programs: list[Program]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    rows = Evidence.objects.filter(criterion__program__in=programs, withdrawn_at__isnull=True)
    for row in rows.order_by().only("criterion_id", "effective_date"):
        found[row.criterion_id].append(row)
    return found


def _moves(programs: list[Program]) -> Counter[tuple[str, int]]:
    rows = DateChange.objects.filter(program__in=programs, old_date__isnull=False)
    return Counter((str(ItemKind(kind)), item) for kind, item in rows.order_by().values_list("item_kind", "item_id"))


def _by_program(rows: Iterable[object]) -> dict[int, list]:  # type: ignore[type-arg]  # rows of several models
    found: dict[int, list[object]] = defaultdict(list)
    for row in rows:
        found[row.program_id].append(row)  # type: ignore[attr-defined]  # every model above has it
    return found


def _assembled(
    program: Program,
    roles: list[Role],
    events: list[Event],
    criteria: list[Criterion],
    tasks: list[Task],
    areas: list[OwnershipArea],
    evidence: dict[int, list[Evidence]],
    moves: Counter[tuple[str, int]],
) -> Plan:
    cast = Cast(program, tuple(roles))
    phases: dict[int, Phase] = {}
    for event in events:
        event.program = program
        event.phase = phases.setdefault(event.phase_id, event.phase)
    by_event = {event.pk: event for event in events}
    people: dict[int, User] = {p.pk: p for role in roles for p in (role.holder, role.deputy) if p is not None}
    for criterion in criteria:
        criterion.program, criterion.event = program, by_event[criterion.event_id]
    for task in tasks:
        task.program = program
    for item in (*criteria, *tasks):
        if item.assignee is not None:
            people[item.assignee.pk] = item.assignee
    return Plan(
        program=program,
        cast=cast,
        phases=sorted(phases.values(), key=lambda phase: phase.position),
        workstreams=[],
        events=events,
        criteria=criteria,
        tasks=tasks,
        evidence=evidence,
        areas=areas,
        moves=moves,
        people=people,
    )
