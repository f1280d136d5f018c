"""The plan in a snapshot: criteria with evidence, gates with their dates, roles, areas, moves. Must not write."""

from collections.abc import Mapping
from typing import Any

from gates.selectors.names import Names
from phases.domain.readiness import DimensionScore, Proof, Readiness
from phases.enums import CriterionState, ItemKind
from phases.models import Criterion, DateChange, Event, Evidence, PlanItem
from phases.selectors import Plan
from phases.selectors.items import owners_of

Row = dict[str, Any]


def criteria(plan: Plan, proofs: Mapping[int, Proof], names: Names, upto: list[Criterion]) -> list[Row]:
    """Every criterion of the program with where its proof stands; `counts` says that this gate looks at it."""
    looked_at = {item.pk for item in upto}
    return [_criterion(item, plan, proofs[item.pk], names, item.pk in looked_at) for item in plan.criteria]


def _criterion(item: Criterion, plan: Plan, proof: Proof, names: Names, counts: bool) -> Row:
    cast = plan.cast
    owner = plan.owner_of(item)
    verified = item.state == CriterionState.VERIFIED
    return {
        "slug": item.slug,
        "text": item.text,
        "event": item.event.slug,
        "event_name": item.event.name,
        "counts": counts,
        "dimension": item.dimension_slug,
        "dimension_name": item.dimension_name,
        "level": item.level,
        "level_code": item.level_code,
        "non_waivable": item.non_waivable,
        "launch_blocking": item.launch_blocking,
        "applicable": item.applicable,
        "not_applicable_reason": item.not_applicable_reason,
        "state": item.state,
        "state_reason": item.state_reason,
        "proof": proof.value,
        "owner_role": cast.by_id[item.owner_role_id].name,
        "owner": names.of(owner.pk if owner else None),
        "verifier_role": cast.by_id[item.verifier_role_id].name,
        "handed_in_by": names.of(item.handed_in_by_id),
        "handed_in_at": item.handed_in_at,
        "verified_by": names.of(item.verified_by_id) if verified else None,
        "verified_at": item.verified_at if verified else None,
        "self_verified": verified and item.verified_by_id in owners_of(item, cast),
        "max_age_days": item.max_age_days,
        "evidence": [_evidence(row, names) for row in plan.proven_by(item)],
        **_dates(item),
        "moves": plan.moves[(ItemKind.CRITERION.value, item.pk)],
    }


def _evidence(row: Evidence, names: Names) -> Row:
    return {
        "id": row.pk,
        "kind": row.kind,
        "title": row.title,
        "url": row.url,
        "note": row.note,
        "file_name": row.file_name,
        "file_size": row.file_size,
        "content_type": row.content_type,
        "sha256": row.sha256,
        "describes_version": row.describes_version,
        "result": row.result,
        "limit": row.limit,
        "effective_date": row.effective_date,
        "added_by": names.of(row.added_by_id),
        "added_at": row.added_at,
    }


def _dates(item: PlanItem | Event) -> Row:
    expected = item.forecast_date or item.due_date
    return {
        "baseline": item.baseline_date,
        "due": item.due_date,
        "forecast": item.forecast_date,
        "slip_days": (expected - item.baseline_date).days,
    }


def events(plan: Plan) -> list[Row]:
    """Every gate and checkpoint with its three dates, its slip and its state."""
    return [
        {
            "slug": event.slug,
            "name": event.name,
            "kind": event.kind,
            "day": event.day,
            "state": event.state,
            "outcome": event.outcome,
            **_dates(event),
            "moves": plan.moves[(ItemKind.EVENT.value, event.pk)],
        }
        for event in plan.events
    ]


def moves(plan: Plan, changes: list[DateChange], names: Names) -> list[Row]:
    """Every moved date with who moved it and why, oldest first; none is left out (honesty rule 7)."""
    labels = {
        **{(ItemKind.CRITERION.value, c.pk): c.text for c in plan.criteria},
        **{(ItemKind.TASK.value, t.pk): t.title for t in plan.tasks},
        **{(ItemKind.EVENT.value, e.pk): e.name for e in plan.events},
    }
    return [
        {
            "item_kind": change.item_kind,
            "label": labels.get((change.item_kind, change.item_id), "something removed since"),
            "field": change.field,
            "old": change.old_date,
            "new": change.new_date,
            "reason": change.reason,
            "by": names.of(change.changed_by_id),
            "at": change.changed_at,
        }
        for change in changes
    ]


def roles(plan: Plan, names: Names) -> list[Row]:
    """Every role with holder and deputy."""
    return [
        {
            "slug": role.slug,
            "name": role.name,
            "holder": names.of(role.holder_id),
            "deputy": names.of(role.deputy_id),
            "vacant_since": role.vacant_since,
        }
        for role in plan.cast.roles
    ]


def areas(plan: Plan, names: Names) -> list[Row]:
    """The areas that need an owner after go-live, with whoever accepted them."""
    found = []
    for area in plan.areas:
        role = plan.cast.by_id[area.role_id]
        found.append(
            {
                "slug": area.slug,
                "name": area.name,
                "role": role.name,
                "holder": names.of(role.holder_id),
                "deputy": names.of(role.deputy_id),
                "accepted_by": names.of(area.accepted_by_id),
                "accepted_at": area.accepted_at,
            }
        )
    return found


def score(result: Readiness, plan: Plan, upto: list[Criterion], everything: list[Criterion]) -> Row:
    """The score of this gate with its formula version and its table, counts of what was left out beside it (G13)."""
    names = {c.dimension_slug: c.dimension_name for c in plan.criteria}
    left_out = dict.fromkeys(names, 0)
    for criterion in everything:
        left_out[criterion.dimension_slug] += not criterion.applicable
    return {
        "version": result.version,
        "points": result.points,
        "weakest": names[result.weakest.dimension] if result.weakest else "",
        "average": result.average,
        "verified_average": result.verified_average,
        "pace": result.pace,
        "pace_text": result.pace_text,
        "credit": result.credit,
        "weight": result.weight,
        "weight_due": result.weight_due,
        "criteria": len(upto),
        "not_applicable": sum(left_out.values()),
        "dimensions": [_dimension(row, names, left_out[row.dimension]) for row in result.dimensions],
    }


def _dimension(row: DimensionScore, names: Mapping[str, str], left_out: int) -> Row:
    return {
        "slug": row.dimension,
        "name": names[row.dimension],
        "criteria": row.criteria,
        "not_applicable": left_out,
        "weight": row.weight,
        "credit": row.credit,
        "verified_credit": row.verified_credit,
        "score": row.score,
        "points": row.points,
        "verified_points": row.verified_points,
    }
