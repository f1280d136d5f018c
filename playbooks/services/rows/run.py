"""Rows of risks, metrics, ownership, stakeholders and the calendar after day 90. Must not write them."""

from collections.abc import Iterable

from django.db.models import Model

from governance.models import GovernanceEvent, Trigger
from metrics.models import Metric
from playbooks.domain.plan_parts import RelatesTo
from playbooks.domain.run_parts import Limit, MetricDef
from playbooks.services.rows.base import ProgramRows
from programs.models import OwnershipArea, RaciAssignment, StakeholderGroup
from risks.domain.scale import Scale
from risks.models import EscalationLevel, EscalationPath, MitigationAction, Risk, RiskIndicator


def paths(rows: ProgramRows) -> Iterable[EscalationPath]:
    for position, item in enumerate(rows.plan.playbook.escalation_paths):
        rows.paths[item.slug] = EscalationPath(
            program=rows.program, slug=item.slug, name=item.name, position=position, trigger=item.trigger
        )
    return rows.paths.values()


def levels(rows: ProgramRows) -> Iterable[EscalationLevel]:
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


def level_roles(rows: ProgramRows) -> Iterable[Model]:
    for level, slugs in rows.levels:
        for slug in slugs:
            yield EscalationLevel.roles.through(escalationlevel=level, role=rows.roles[slug])


def risks(rows: ProgramRows) -> Iterable[Risk]:
    scale = Scale.from_data(rows.program.risk_scale)
    for position, item in enumerate(rows.plan.risks):
        begins = rows.phases[item.raise_from_phase].start_date
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
            review_on=scale.next_review(item.probability * item.impact_score, begins),
        )
    return rows.risks.values()


def indicators(rows: ProgramRows) -> Iterable[RiskIndicator]:
    for item in rows.plan.risks:
        for position, text in enumerate(item.indicators):
            yield RiskIndicator(risk=rows.risks[item.slug], position=position, text=text)


def actions(rows: ProgramRows) -> Iterable[MitigationAction]:
    for item in rows.plan.risks:
        for position, text in enumerate(item.actions):
            yield MitigationAction(
                risk=rows.risks[item.slug], position=position, text=text, owner_role=rows.roles[item.owner]
            )


def metrics(rows: ProgramRows) -> Iterable[Metric]:
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


def areas(rows: ProgramRows) -> Iterable[OwnershipArea]:
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


def raci(rows: ProgramRows) -> Iterable[RaciAssignment]:
    for position, item in enumerate(rows.plan.playbook.raci):
        for slug, letters in item.assignments.items():
            yield RaciAssignment(
                program=rows.program,
                activity=item.activity,
                position=position,
                role=rows.roles[slug],
                letters="/".join(letters),
            )


def stakeholders(rows: ProgramRows) -> Iterable[StakeholderGroup]:
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


def governance(rows: ProgramRows) -> Iterable[GovernanceEvent]:
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


def triggers(rows: ProgramRows) -> Iterable[Trigger]:
    for position, item in enumerate(rows.plan.playbook.triggers):
        yield Trigger(program=rows.program, position=position, when=item.when, then=item.then)


def _labels(relates_to: RelatesTo) -> str:
    return "; ".join(f"{framework}: {', '.join(labels)}" for framework, labels in relates_to.items())
