"""What a snapshot holds beside the plan: permissions, debts, risks, limits, registers. Must not write or judge."""

import datetime as dt
from typing import Any

from gates.domain import waivers as waiver_rules
from gates.enums import RequestState
from gates.models import ApplicabilityRequest, Decision, GateReview, Opinion, TailoringChange
from gates.selectors.ledger import Ledger
from gates.selectors.names import Names
from metrics.models import Metric
from phases.models import Event
from phases.selectors import Plan
from programs.models import OutcomeStatement
from registers.models import Assumption, DecisionRecord, Issue, ScopeChange
from registers.selectors import ChallengeRecord

Row = dict[str, Any]


def waivers(plan: Plan, ledger: Ledger, names: Names) -> list[Row]:
    """Every waiver with its state as of the day, oldest first."""
    texts = {c.pk: (c.slug, c.text) for c in plan.criteria}
    risk_texts = {risk.pk: risk.event for risk in ledger.risks}
    return [
        {
            "id": waiver.pk,
            "criterion": texts[waiver.criterion_id][0],
            "criterion_text": texts[waiver.criterion_id][1],
            "reason": waiver.reason,
            "control": waiver.control,
            "control_evidence": waiver.control_evidence,
            "risk": risk_texts.get(waiver.risk_id or 0, ""),
            "requested_by": names.of(waiver.requested_by_id),
            "requested_at": waiver.requested_at,
            "expires_on": waiver.expires_on,
            "state": waiver_rules.state_on(RequestState(waiver.state), waiver.expires_on, ledger.today),
            "answered_by": names.of(waiver.answered_by_id),
            "answered_at": waiver.answered_at,
            "answer": waiver.answer,
            "self_approved": waiver.self_approved,
            "extends": waiver.extension_of_id,
        }
        for waiver in reversed(ledger.waivers)
    ]


def conditions(plan: Plan, ledger: Ledger, names: Names) -> list[Row]:
    """Every condition of decisions that count, with where it stands on the day."""
    by_id = {c.pk: c.slug for c in plan.criteria}
    gate_of = {d.pk: d.event_id for d in ledger.decisions}
    gates = {e.pk: e.name for e in plan.events}
    return [
        {
            "id": row.pk,
            "decision": row.decision_id,
            "gate": gates.get(gate_of[row.decision_id], ""),
            "text": row.text,
            "criterion": by_id.get(row.criterion_id or 0, ""),
            "owner_role": plan.cast.by_id[row.owner_role_id].name,
            "owner": names.of(row.owner_id or plan.cast.by_id[row.owner_role_id].holder_id),
            "verifier_role": plan.cast.by_id[row.verifier_role_id].name,
            "due_date": row.due_date,
            "exit_test": row.exit_test,
            "consequence": row.consequence,
            "standing": standing,
            "evidence_note": row.evidence_note,
            "evidence_url": row.evidence_url,
            "closed_by": names.of(row.closed_by_id),
            "closed_at": row.closed_at,
        }
        for row, standing in ledger.standings()
    ]


def risks(plan: Plan, ledger: Ledger, names: Names) -> list[Row]:
    """Every open risk with its score, whether it is above tolerance, and a signed acceptance if there is one."""
    found = []
    for risk in ledger.risks:
        signed = ledger.acceptance_of(risk)
        role = plan.cast.by_id[risk.owner_role_id]
        found.append(
            {
                "slug": risk.slug,
                "cause": risk.cause,
                "event": risk.event,
                "impact": risk.impact,
                "category": risk.category,
                "likelihood": risk.current_likelihood,
                "severity": risk.current_impact,
                "score": risk.current_score,
                "inherent_score": risk.inherent_likelihood * risk.inherent_impact,
                "band": ledger.limits.band(risk.current_score),
                "above_tolerance": risk.current_score > ledger.limits.risk_tolerance,
                "response": risk.response,
                "closed": risk.closed_at is not None,
                "owner_role": role.name,
                "owner": names.of(role.holder_id),
                "raised_from": risk.raise_from_phase,
                "actions": [
                    {
                        "text": action.text,
                        "owner_role": plan.cast.by_id[action.owner_role_id].name,
                        "due_date": action.due_date,
                        "done": action.done_at is not None,
                        "proof": action.proof,
                    }
                    for action in risk.actions.all()
                ],
                "acceptance": {
                    "by": names.of(signed.accepted_by_id),
                    "at": signed.accepted_at,
                    "reason": signed.reason,
                    "score": signed.score,
                    "expires_on": signed.expires_on,
                }
                if signed and signed.expires_on >= ledger.today
                else None,
            }
        )
    return found


def metrics(rows: list[Metric], plan: Plan, names: Names) -> list[Row]:
    """Every metric with its limits; an end that does not apply is left out."""
    return [
        {
            "slug": row.slug,
            "name": row.name,
            "category": row.category,
            "unit": row.unit,
            "direction": row.direction,
            "target": _ends(row.target_low, row.target_high),
            "warning": _ends(row.warn_low, row.warn_high),
            "critical": _ends(row.critical_low, row.critical_high),
            "note": row.limit_note,
            "confirmed": row.confirmed,
            "owner_role": plan.cast.by_id[row.owner_role_id].name,
            "owner": names.of(plan.cast.by_id[row.owner_role_id].holder_id),
        }
        for row in rows
    ]


def _ends(low: Any, high: Any) -> Row:
    return {name: end for name, end in (("low", low), ("high", high)) if end is not None}


def outcome(row: OutcomeStatement | None) -> Row | None:
    """The outcome statement in its newest version."""
    fields = ("number", "problem", "affected", "measure", "unit", "baseline", "target", "target_date", "guardrail")
    return {name: getattr(row, name) for name in fields} if row else None


def decision(row: Decision | None, names: Names) -> Row | None:
    """The decision with everything that was filled in."""
    if row is None:
        return None
    fields = (
        "number", "word", "reason", "recommendation", "opinions", "attendance", "trade_off", "next_owner",
        "next_budget", "next_start", "next_end", "hold_cause", "waiting_for", "keeps_running", "review_date", "redo",
        "new_date", "changes", "stop_reason", "lapsed", "decided_at",
    )  # fmt: skip
    by = names.of(row.decided_by_id) or ({"id": None, "name": row.decided_by_name} if row.decided_by_name else None)
    own = {name: getattr(row, name) for name in fields}
    return {**own, "word_label": row.get_word_display(), "supersedes": row.supersedes_id, "decided_by": by}


def decisions(plan: Plan, ledger: Ledger, names: Names, until: Event) -> list[Row]:
    """What was decided before at this gate and earlier ones, in short."""
    events = {e.pk: e for e in plan.events}
    return [
        {
            "gate": events[row.event_id].name,
            "number": row.number,
            "word": row.word,
            "word_label": row.get_word_display(),
            "reason": row.reason,
            "lapsed": row.lapsed,
            "supersedes": row.supersedes_id,
            "by": row.decided_by_name or names.name(row.decided_by_id),
            "at": row.decided_at,
        }
        for row in ledger.decisions
        if row.event_id in events and events[row.event_id].day <= until.day
    ]


def review(round_: GateReview | None, opinions: list[Opinion], plan: Plan, names: Names) -> Row | None:
    """The round with the views given so far, dissent among them."""
    if round_ is None:
        return None
    return {
        "number": round_.number,
        "note": round_.note,
        "scope": round_.scope,
        "opened_by": names.of(round_.opened_by_id),
        "opened_at": round_.opened_at,
        "views": [
            {
                "role": plan.cast.by_id[row.role_id].name,
                "person": names.of(row.person_id),
                "given_as": row.given_as,
                "view": row.view,
                "view_label": row.get_view_display(),
                "text": row.text,
                "dissent": row.dissent,
                "given_at": row.given_at,
            }
            for row in opinions
        ],
    }


def tailoring(
    changes: list[TailoringChange], left_out: list[ApplicabilityRequest], plan: Plan, names: Names
) -> list[Row]:
    """What was changed about the list of criteria, with who asked and who approved (G13, G14)."""
    by_id = {c.pk: c for c in plan.criteria}
    rows: list[tuple[str, str, TailoringChange | ApplicabilityRequest]] = [
        *(((c.get_kind_display()), by_id[c.criterion_id].text if c.criterion_id else c.limit, c) for c in changes),
        *(("Does not apply", by_id[r.criterion_id].text, r) for r in left_out),
    ]
    return [
        {
            "what": what,
            "subject": subject,
            "reason": row.reason,
            "state": row.state,
            "requested_by": names.of(row.requested_by_id),
            "requested_at": row.requested_at,
            "answered_by": names.of(row.answered_by_id),
            "answered_at": row.answered_at,
            "answer": row.answer,
            "before": getattr(row, "before", {}),
            "after": getattr(row, "after", {}),
        }
        for what, subject, row in rows
    ]


def registers(
    assumptions: list[Assumption],
    issues: list[Issue],
    scope: list[ScopeChange],
    log: list[DecisionRecord],
    challenge: ChallengeRecord,
    names: Names,
    today: dt.date,
) -> Row:
    """Assumptions, issues, scope changes, decision log and challenge session as they stand."""
    return {
        "assumptions": [
            {
                "number": row.number,
                "text": row.text,
                "consequence": row.consequence,
                "theme": row.theme,
                "rank": row.rank,
                "test": row.test,
                "result": row.result,
                "result_note": row.result_note,
                "tested_on": row.tested_on,
                "tested_by": names.of(row.tested_by_id),
            }
            for row in assumptions
        ],
        "issues": [
            {
                "number": row.number,
                "title": row.title,
                "severity": row.severity,
                "dimension": row.dimension_name,
                "found_phase": row.found_phase.name,
                "expected_phase": row.expected_phase.name,
                "late": row.is_late,
                "effort_hours": row.effort_hours,
                "delay_days": row.delay_days,
                "opened_on": row.opened_on,
                "closed_on": row.closed_on,
                "age_days": row.age(today),
                "resolution": row.resolution,
            }
            for row in issues
        ],
        "scope": [
            {
                "number": row.number,
                "title": row.title,
                "reason": row.reason,
                "effect_outcome": row.effect_outcome,
                "effect_days": row.effect_days,
                "effect_cost": row.effect_cost,
                "state": row.state,
                "asked_by": names.of(row.logged_by_id),
                "decided_by": names.of(row.decided_by_id),
                "decision_reason": row.decision_reason,
            }
            for row in scope
        ],
        "log": [
            {
                "number": row.number,
                "title": row.title,
                "kind": row.kind,
                "chosen": row.chosen,
                "reason": row.reason,
                "trade_off": row.trade_off,
                "dissent": row.dissent,
                "decided_by": names.of(row.decided_by_id),
                "decided_on": row.decided_on,
                "supersedes": row.supersedes_id,
            }
            for row in log
        ],
        "challenge": {
            "held_on": challenge.held_on,
            "led_by": names.of(challenge.session.led_by_id) if challenge.session else None,
            "present": [{"id": person.pk, "name": str(person)} for person in challenge.present],
            "also_present": challenge.session.also_present if challenge.session else "",
            "asked": [
                {"theme": row.question.theme, "question": row.question.text, "answer": row.text}
                for row in challenge.asked
            ],
        },
    }
