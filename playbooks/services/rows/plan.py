"""Rows of roles, phases, events, criteria and tasks. Must not write them."""

from collections.abc import Iterable

from django.db.models import Model

from phases.models import ChallengeQuestion, Criterion, Event, Phase, Task, Workstream
from playbooks.services.rows.base import ProgramRows
from programs.models import OutcomeStatement, Role


def roles(rows: ProgramRows) -> Iterable[Role]:
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


def outcome(rows: ProgramRows) -> Iterable[OutcomeStatement]:
    outcome = rows.plan.spec.outcome
    return [OutcomeStatement(program=rows.program, number=1, **outcome.model_dump())] if outcome else []


def phases(rows: ProgramRows) -> Iterable[Phase]:
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


def streams(rows: ProgramRows) -> Iterable[Workstream]:
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


def events(rows: ProgramRows) -> Iterable[Event]:
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


def gatekeepers(rows: ProgramRows) -> Iterable[Model]:
    for item in rows.plan.playbook.events:
        event = rows.events[item.slug]
        for slug in item.gatekeepers:
            yield Event.gatekeepers.through(event=event, role=rows.roles[slug])


def criteria(rows: ProgramRows) -> Iterable[Criterion]:
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


def tasks(rows: ProgramRows) -> Iterable[Task]:
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


def feeds(rows: ProgramRows) -> Iterable[Model]:
    for item in rows.plan.playbook.tasks:
        for slug in item.feeds:
            yield Task.feeds.through(task=rows.tasks[item.slug], criterion=rows.criteria[slug])


def questions(rows: ProgramRows) -> Iterable[ChallengeQuestion]:
    for position, item in enumerate(rows.plan.playbook.challenge_questions):
        yield ChallengeQuestion(program=rows.program, position=position, theme=item.theme, text=item.text)
