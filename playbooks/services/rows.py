"""Turn launch plans into rows, table by table, for one program or for hundreds at once.

All texts are copied from the playbook, so that a later edition never rewrites a program. Must not check rights, find
people or record activity: `launching` and `bulk` do.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Model

from accounts.models import User
from governance.models import GovernanceEvent, Trigger
from metrics.models import Metric
from phases.models import ChallengeQuestion, Criterion, Event, Phase, Task, Workstream
from playbooks.domain.plan import LaunchPlan
from playbooks.domain.plan_parts import RelatesTo
from playbooks.domain.run_parts import Limit, MetricDef
from programs.models import OutcomeStatement, OwnershipArea, Program, RaciAssignment, Role, StakeholderGroup
from risks.models import EscalationLevel, EscalationPath, MitigationAction, Risk, RiskIndicator


@dataclass
class ProgramRows:
    """One program on its way into the database; the dicts find by slug what earlier tables already hold."""

    program: Program
    plan: LaunchPlan
    people: dict[str, User]
    vacant_since: dt.date
    roles: dict[str, Role] = field(default_factory=dict)
    phases: dict[str, Phase] = field(default_factory=dict)
    streams: dict[str, Workstream] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    criteria: dict[str, Criterion] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    paths: dict[str, EscalationPath] = field(default_factory=dict)
    levels: list[tuple[EscalationLevel, tuple[str, ...]]] = field(default_factory=list)
    risks: dict[str, Risk] = field(default_factory=dict)


def create_rows(batch: Sequence[ProgramRows]) -> None:
    """Insert everything below the programs of `batch`, which must be saved already; table by table."""
    for table, build in _TABLES:
        rows = [row for each in batch for row in build(each)]
        if rows:
            table._default_manager.bulk_create(rows)


def _roles(rows: ProgramRows) -> Iterable[Role]:
    for position, item in enumerate(rows.plan.playbook.roles):
        named = rows.plan.spec.roles.get(item.slug)
        holder = rows.people[named.person.lower()] if named and named.person else None
        deputy = rows.people[named.deputy.lower()] if named and named.deputy else None
        rows.roles[item.slug] = Role(
            program=rows.program,
            slug=item.slug,
            name=item.name,
            summary=item.summary,
            position=position,
            holder=holder,
            deputy=deputy,
            vacant_since=None if holder else rows.vacant_since,
        )
    return rows.roles.values()


def _outcome(rows: ProgramRows) -> Iterable[OutcomeStatement]:
    outcome = rows.plan.spec.outcome
    return [OutcomeStatement(program=rows.program, number=1, **outcome.model_dump())] if outcome else []


def _phases(rows: ProgramRows) -> Iterable[Phase]:
    for position, item in enumerate(rows.plan.phases):
        rows.phases[item.definition.slug] = Phase(
            program=rows.program,
            slug=item.definition.slug,
            name=item.definition.name,
            position=position,
            question=item.definition.question,
            start_day=item.definition.start_day,
            end_day=item.definition.end_day,
            start_date=item.start,
            end_date=item.end,
        )
    return rows.phases.values()


def _streams(rows: ProgramRows) -> Iterable[Workstream]:
    for position, item in enumerate(rows.plan.playbook.workstreams):
        rows.streams[item.slug] = Workstream(
            program=rows.program,
            phase=rows.phases[item.phase],
            slug=item.slug,
            name=item.name,
            position=position,
            lead_role=rows.roles[item.lead],
        )
    return rows.streams.values()


def _events(rows: ProgramRows) -> Iterable[Event]:
    for item in rows.plan.events:
        rows.events[item.definition.slug] = Event(
            program=rows.program,
            phase=rows.phases[item.definition.phase],
            slug=item.definition.slug,
            kind=item.definition.kind,
            name=item.definition.name,
            day=item.definition.day,
            look_at=item.definition.look_at,
            due_date=item.due.on,
            baseline_date=item.due.on,
            moved_from=item.due.moved_from,
        )
    return rows.events.values()


def _gatekeepers(rows: ProgramRows) -> Iterable[Model]:
    for item in rows.plan.playbook.events:
        event = rows.events[item.slug]
        for slug in item.gatekeepers:
            yield Event.gatekeepers.through(event=event, role=rows.roles[slug])


def _criteria(rows: ProgramRows) -> Iterable[Criterion]:
    book = rows.plan.playbook
    dimensions = {item.slug: item.name for item in book.dimensions}
    meanings = {item.slug: item.meaning for item in book.evidence_types}
    for position, item in enumerate(rows.plan.criteria):
        made = item.definition
        rows.criteria[made.slug] = Criterion(
            program=rows.program,
            event=rows.events[made.event],
            slug=made.slug,
            position=position,
            dimension_slug=made.dimension,
            dimension_name=dimensions[made.dimension],
            level=item.level.value,
            level_code=made.level_code,
            non_waivable=made.non_waivable,
            launch_blocking=made.launch_blocking,
            due_day=made.due_day,
            due_date=item.due.on,
            baseline_date=item.due.on,
            moved_from=item.due.moved_from,
            owner_role=rows.roles[made.owner],
            verifier_role=rows.roles[made.verifier],
            text=made.text,
            evidence_type=made.evidence_type,
            evidence_meaning=meanings[made.evidence_type],
            max_age_days=made.max_age_days,
            relates_to={framework: list(labels) for framework, labels in made.relates_to.items()},
            applies=made.applies.value,
            applicable=item.applicable,
            not_applicable_reason=item.not_applicable_reason,
        )
    return rows.criteria.values()


def _tasks(rows: ProgramRows) -> Iterable[Task]:
    for position, item in enumerate(rows.plan.tasks):
        made = item.definition
        rows.tasks[made.slug] = Task(
            program=rows.program,
            workstream=rows.streams[made.workstream],
            slug=made.slug,
            position=position,
            title=made.title,
            deliverable=made.deliverable,
            start_day=made.start_day,
            start_date=item.start.on,
            due_day=made.due_day,
            due_date=item.due.on,
            baseline_date=item.due.on,
            moved_from=item.due.moved_from,
            owner_role=rows.roles[made.owner],
        )
    return rows.tasks.values()


def _feeds(rows: ProgramRows) -> Iterable[Model]:
    for item in rows.plan.playbook.tasks:
        for slug in item.feeds:
            yield Task.feeds.through(task=rows.tasks[item.slug], criterion=rows.criteria[slug])


def _questions(rows: ProgramRows) -> Iterable[ChallengeQuestion]:
    for position, item in enumerate(rows.plan.playbook.challenge_questions):
        yield ChallengeQuestion(program=rows.program, position=position, theme=item.theme, text=item.text)


def _paths(rows: ProgramRows) -> Iterable[EscalationPath]:
    for position, item in enumerate(rows.plan.playbook.escalation_paths):
        rows.paths[item.slug] = EscalationPath(
            program=rows.program, slug=item.slug, name=item.name, position=position, trigger=item.trigger
        )
    return rows.paths.values()


def _levels(rows: ProgramRows) -> Iterable[EscalationLevel]:
    for path in rows.plan.playbook.escalation_paths:
        for position, item in enumerate(path.levels, start=1):
            level = EscalationLevel(
                path=rows.paths[path.slug],
                position=position,
                amount=item.amount,
                unit=item.unit.value,
                note=item.note,
            )
            rows.levels.append((level, item.roles))
    return [level for level, _ in rows.levels]


def _level_roles(rows: ProgramRows) -> Iterable[Model]:
    for level, slugs in rows.levels:
        for slug in slugs:
            yield EscalationLevel.roles.through(escalationlevel=level, role=rows.roles[slug])


def _risks(rows: ProgramRows) -> Iterable[Risk]:
    for position, item in enumerate(rows.plan.risks):
        rows.risks[item.slug] = Risk(
            program=rows.program,
            slug=item.slug,
            position=position,
            category=item.category,
            cause=item.cause,
            event=item.event,
            impact=item.impact,
            inherent_likelihood=item.probability,
            inherent_impact=item.impact_score,
            current_likelihood=item.probability,
            current_impact=item.impact_score,
            response=item.default_response,
            owner_role=rows.roles[item.owner],
            path=rows.paths[item.escalation],
            raise_from_phase=item.raise_from_phase,
            refs=_labels(item.relates_to),
            named_in_article=item.named_in_article,
        )
    return rows.risks.values()


def _indicators(rows: ProgramRows) -> Iterable[RiskIndicator]:
    for item in rows.plan.risks:
        for position, text in enumerate(item.indicators):
            yield RiskIndicator(risk=rows.risks[item.slug], position=position, text=text)


def _actions(rows: ProgramRows) -> Iterable[MitigationAction]:
    for item in rows.plan.risks:
        for position, text in enumerate(item.actions):
            yield MitigationAction(
                risk=rows.risks[item.slug], position=position, text=text, owner_role=rows.roles[item.owner]
            )


def _metrics(rows: ProgramRows) -> Iterable[Metric]:
    for position, item in enumerate(rows.plan.playbook.metrics):
        yield Metric(
            program=rows.program,
            slug=item.slug,
            name=item.name,
            position=position,
            category=item.category,
            unit=item.unit,
            direction=item.direction,
            target_low=item.target.low,
            target_high=item.target.high,
            warn_low=item.warn.low,
            warn_high=item.warn.high,
            critical_low=item.critical.low,
            critical_high=item.critical.high,
            limit_note=_limit_note(item),
            frequency=item.frequency,
            source=item.source,
            owner_role=rows.roles[item.owner],
            why=item.why,
            category_required=item.category_required,
        )


def _limit_note(item: MetricDef) -> str:
    named: tuple[tuple[str, Limit], ...] = (
        ("target", item.target),
        ("warning", item.warn),
        ("critical", item.critical),
    )
    return "; ".join(f"{name} {limit.note}" for name, limit in named if limit.note)


def _areas(rows: ProgramRows) -> Iterable[OwnershipArea]:
    for position, item in enumerate(rows.plan.playbook.ownership_areas):
        yield OwnershipArea(
            program=rows.program,
            slug=item.slug,
            name=item.name,
            position=position,
            role=rows.roles[item.role],
            covers=item.covers,
            may_decide=item.may_decide,
            routine=item.routine,
            response_times=[
                {"trigger": wait.trigger, "amount": wait.amount, "unit": wait.unit.value}
                for wait in item.response_times
            ],
            gap_alerts=list(item.gap_alerts),
        )


def _raci(rows: ProgramRows) -> Iterable[RaciAssignment]:
    for position, item in enumerate(rows.plan.playbook.raci):
        for slug, letters in item.assignments.items():
            yield RaciAssignment(
                program=rows.program,
                activity=item.activity,
                position=position,
                role=rows.roles[slug],
                letters="/".join(letters),
            )


def _stakeholders(rows: ProgramRows) -> Iterable[StakeholderGroup]:
    for position, item in enumerate(rows.plan.playbook.stakeholder_groups):
        yield StakeholderGroup(
            program=rows.program,
            slug=item.slug,
            name=item.name,
            position=position,
            asks=item.asks,
            gets=item.gets,
            cadence=item.cadence.note,
            owner_role=rows.roles[item.owner],
            phase_slug="" if item.phase == "all" else item.phase,
            acknowledges_brief=item.acknowledges_brief,
        )


def _governance(rows: ProgramRows) -> Iterable[GovernanceEvent]:
    for position, item in enumerate(rows.plan.governance):
        rules = (*item.rules, "", "")
        yield GovernanceEvent(
            program=rows.program,
            slug=item.definition.slug,
            name=item.definition.name,
            position=position,
            kind=item.definition.kind,
            first_day=item.definition.first_day,
            first_date=item.first.on,
            moved_from=item.first.moved_from,
            rrule=rules[0],
            rrule_later=rules[1],
            on_change=item.definition.repeats.on_change,
            owner_role=rows.roles[item.definition.owner],
            inputs=item.definition.inputs,
            output=item.definition.output,
            relates_to=_labels(item.definition.relates_to),
        )


def _triggers(rows: ProgramRows) -> Iterable[Trigger]:
    for position, item in enumerate(rows.plan.playbook.triggers):
        yield Trigger(program=rows.program, position=position, when=item.when, then=item.then)


def _labels(relates_to: RelatesTo) -> str:
    return "; ".join(f"{framework}: {', '.join(labels)}" for framework, labels in relates_to.items())


# Order matters: a table may only point at tables above it, whose rows have their keys by then.
_TABLES: tuple[tuple[type[Model], Callable[[ProgramRows], Iterable[Model]]], ...] = (
    (Role, _roles),
    (OutcomeStatement, _outcome),
    (Phase, _phases),
    (Workstream, _streams),
    (Event, _events),
    (Event.gatekeepers.through, _gatekeepers),
    (Criterion, _criteria),
    (Task, _tasks),
    (Task.feeds.through, _feeds),
    (ChallengeQuestion, _questions),
    (EscalationPath, _paths),
    (EscalationLevel, _levels),
    (EscalationLevel.roles.through, _level_roles),
    (Risk, _risks),
    (RiskIndicator, _indicators),
    (MitigationAction, _actions),
    (Metric, _metrics),
    (OwnershipArea, _areas),
    (RaciAssignment, _raci),
    (StakeholderGroup, _stakeholders),
    (GovernanceEvent, _governance),
    (Trigger, _triggers),
)
