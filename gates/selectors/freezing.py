"""Collects what a snapshot holds: one program at one gate, as a plain document (G11). Must not write or judge.

Names of people stand beside their ids as text, so that renaming, deactivating or erasing somebody later changes
nothing in what was frozen. The number of queries does not depend on the size of the program.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Model

from activity.selectors import last_at
from gates.domain.canonical import SCHEMA, exact
from gates.domain.honesty import Honesty, late_flips
from gates.enums import SnapshotKind
from gates.models import ApplicabilityRequest, Decision, MiniGate, Opinion, Recheck, TailoringChange
from gates.selectors import freezing_plan, freezing_rest
from gates.selectors.facts import counted, gate_verdict, scores
from gates.selectors.ledger import Ledger, load_ledger
from gates.selectors.minigates import scope_of
from gates.selectors.names import Names, names_in
from gates.selectors.reading import GateReading, read_program
from governance.models import Trigger
from metrics.models import Metric
from phases.enums import EventKind, EventState
from phases.models import Criterion, DateChange, Event
from phases.selectors import Plan, load_plan
from programs.models import OutcomeStatement, Program
from registers.models import Assumption, DecisionRecord, Issue, ScopeChange
from registers.selectors import challenge_record

Document = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """Which gate is frozen, why and when; `decision` is the one just recorded."""

    event: Event
    kind: SnapshotKind | None
    now: dt.datetime
    today: dt.date
    decision: Decision | None = None


@dataclass(frozen=True)
class _Rows:
    """Everything that `load_plan` and `load_ledger` do not bring."""

    changes: list[DateChange]
    metrics: list[Metric]
    statement: OutcomeStatement | None
    triggers: list[Trigger]
    tailoring: list[TailoringChange]
    left_out: list[ApplicabilityRequest]
    rechecks: list[Recheck]
    assumptions: list[Assumption]
    issues: list[Issue]
    scope: list[ScopeChange]
    log: list[DecisionRecord]


def document_of(moment: Moment) -> Document:
    """Return the document of a gate as things stand, with Python dates and numbers; `canonical` makes it text."""
    plan = load_plan(moment.event.program)
    event = next(e for e in plan.events if e.pk == moment.event.pk)
    ledger = load_ledger(plan.program, moment.today)
    rows = _load(plan.program, event)
    challenge = challenge_record(plan.program)
    reading = _read(plan, ledger, event, moment)
    mini = _mini_gate(event)
    scope = scope_of(event)
    own = counted(event, plan, scope)
    round_ = next((r for r in reversed(ledger.reviews) if r.event_id == event.pk), None)
    opinions = [o for o in ledger.opinions if round_ is not None and o.review_id == round_.pk]
    names = _names(plan, ledger, rows, opinions, challenge.session)
    upto = [c for c in plan.criteria if (c.pk in scope if scope is not None else c.event.day <= event.day)]
    return {
        "schema": SCHEMA,
        "kind": moment.kind.value if moment.kind else "now",
        "taken_at": moment.now,
        "today": moment.today,
        "program": _program(plan.program),
        "event": _event(event, plan, names, mini),
        "review": freezing_rest.review(round_, opinions, plan, names),
        "decision": freezing_rest.decision(moment.decision, names),
        "recommendation": gate_verdict(event, plan, ledger, scope=scope).as_json(),
        "decisions": freezing_rest.decisions(plan, ledger, names, event),
        "readiness": freezing_plan.score(scores(own, reading.proofs, plan, moment.today), plan, own, upto),
        "status": _status(reading, names),
        "criteria": freezing_plan.criteria(plan, reading.proofs, names, upto),
        "waivers": freezing_rest.waivers(plan, ledger, names),
        "conditions": freezing_rest.conditions(plan, ledger, names),
        "tailoring": freezing_rest.tailoring(rows.tailoring, rows.left_out, plan, names),
        "tolerance": ledger.limits.risk_tolerance,
        "risks": freezing_rest.risks(plan, ledger, names),
        "metrics": freezing_rest.metrics(rows.metrics, plan, names),
        "outcome": freezing_rest.outcome(rows.statement),
        "roles": freezing_plan.roles(plan, names),
        "areas": freezing_plan.areas(plan, names),
        "events": freezing_plan.events(plan),
        "moves": freezing_plan.moves(plan, rows.changes, names),
        "late_flips": _late(own, event, plan, moment.now),
        "rechecks": _rechecks(rows.rechecks, plan, names),
        "triggers": [{"when": row.when, "then": row.then} for row in rows.triggers],
        "registers": freezing_rest.registers(
            rows.assumptions, rows.issues, rows.scope, rows.log, challenge, names, moment.today
        ),
    }


def _read(plan: Plan, ledger: Ledger, event: Event, moment: Moment) -> GateReading:
    """The reading with this gate still ahead, also when its decision has just taken effect."""
    state = event.state
    if moment.decision is not None:
        event.state = EventState.PENDING
    try:
        return read_program(plan, today=moment.today, last_update=last_at(plan.program.pk), ledger=ledger)
    finally:
        event.state = state


def _load(program: Program, event: Event) -> _Rows:
    of = {"program": program}
    return _Rows(
        changes=list(DateChange.objects.filter(**of).order_by("id")),
        metrics=list(Metric.objects.filter(**of)),
        statement=OutcomeStatement.objects.filter(**of).order_by("-number").first(),
        triggers=list(Trigger.objects.filter(**of)),
        tailoring=list(TailoringChange.objects.filter(**of).order_by("id")),
        left_out=list(ApplicabilityRequest.objects.filter(**of).order_by("id")),
        rechecks=list(Recheck.objects.filter(round__event=event).select_related("round")),
        assumptions=list(Assumption.objects.filter(**of)),
        issues=list(Issue.objects.filter(**of).select_related("found_phase", "expected_phase").order_by("number")),
        scope=list(ScopeChange.objects.filter(**of).order_by("number")),
        log=list(DecisionRecord.objects.filter(**of).order_by("number")),
    )


def _names(plan: Plan, ledger: Ledger, rows: _Rows, opinions: list[Opinion], session: Model | None) -> Names:
    pointing: chain[Model] = chain(
        plan.cast.roles, plan.areas, plan.criteria, chain.from_iterable(plan.evidence.values()),
        ledger.decisions, ledger.reviews, opinions, ledger.waivers, ledger.conditions, ledger.acceptances,
        rows.changes, rows.tailoring, rows.left_out, rows.rechecks, [r.round for r in rows.rechecks[:1]],
        rows.assumptions, rows.scope, rows.log, [session] if session else [],
        [ledger.declared] if ledger.declared else [],
    )  # fmt: skip
    return names_in(pointing)


def _mini_gate(event: Event) -> MiniGate | None:
    return MiniGate.objects.filter(event=event).first() if event.kind == EventKind.MINI_GATE else None


def _program(program: Program) -> Document:
    return {
        "slug": program.slug,
        "name": program.name,
        "portfolio": program.portfolio.name,
        "start_date": program.start_date,
        "end_date": program.end_date,
        "time_zone": program.time_zone,
        "tier": program.tier,
        "profile": exact(program.profile),
        "playbook": {"slug": program.playbook_slug, "version": program.playbook_version},
        "strategic_priority": program.strategic_priority,
        "cost_ceiling": program.cost_ceiling_amount,
        "cost_currency": program.cost_currency,
        "state": program.state,
        "small_team": program.small_team,
        "is_example": program.is_example,
        "limits": exact(program.limits),
        "scoring": exact(program.scoring),
        "risk_scale": exact(program.risk_scale),
    }


def _event(event: Event, plan: Plan, names: Names, mini: MiniGate | None) -> Document:
    own = next(row for row in freezing_plan.events(plan) if row["slug"] == event.slug)
    keepers = [plan.cast.by_id[role.pk] for role in event.gatekeepers.all()]
    return {
        **own,
        "phase": event.phase.name,
        "question": event.phase.question,
        "look_at": event.look_at,
        "trigger": mini.trigger if mini else "",
        "gatekeepers": [{"role": role.name, "holder": names.of(role.holder_id)} for role in keepers],
    }


def _status(reading: GateReading, names: Names) -> Document:
    declared = reading.declared
    return {
        "colour": reading.status.colour.value,
        "label": reading.status.colour.label,
        "sentence": reading.status.sentence,
        "rules": [{"colour": r.colour.value, "slug": r.slug, "sentence": r.sentence} for r in reading.status.rules],
        "declared": {"colour": declared.colour, "reason": declared.reason, "by": names.of(declared.declared_by_id)}
        if declared
        else None,
        "waivers": reading.waivers,
        "conditions": reading.conditions,
        "forecast": reading.forecast,
    }


def _late(own: list[Criterion], event: Event, plan: Plan, now: dt.datetime) -> Document:
    """Honesty rule 5, over the must-meets since the gate before."""
    flips = late_flips(musts_since_gate(own, event, plan), now=now, rules=Honesty.from_data(plan.program.limits))
    return {"musts": flips.musts, "late": list(flips.late), "alarm": flips.alarm, "sentence": flips.sentence}


def musts_since_gate(own: list[Criterion], event: Event, plan: Plan) -> dict[str, dt.datetime | None]:
    """The must-meets an event looks at that no earlier gate decided on, with when each was verified."""
    before = max((e.day for e in plan.events if e.is_gate and e.day < event.day), default=0)
    return {
        c.slug: c.verified_at if not c.is_open else None
        for c in own
        if c.is_must and (c.event.day > before or event.kind == EventKind.MINI_GATE)
    }


def _rechecks(rows: list[Recheck], plan: Plan, names: Names) -> Document | None:
    if not rows:
        return None
    texts = {c.pk: (c.slug, c.text) for c in plan.criteria}
    drawn = rows[0].round
    return {
        "seed": drawn.seed,
        "share": drawn.share,
        "minimum": drawn.minimum,
        "population": drawn.population,
        "drawn_by": names.of(drawn.drawn_by_id),
        "drawn_at": drawn.drawn_at,
        "rows": [
            {
                "criterion": texts[row.criterion_id][0],
                "text": texts[row.criterion_id][1],
                "result": row.result,
                "note": row.note,
                "checked_by": names.of(row.checked_by_id),
                "checked_at": row.checked_at,
            }
            for row in rows
        ],
    }
