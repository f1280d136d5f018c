"""Turns rows into what the rules of a gate look at. Must not write or judge."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

from gates.domain import evidence as evidence_rules
from gates.domain.deciding import Verdict, verdict
from gates.domain.evidence import Examined
from gates.domain.facts import CriterionFact, GateFacts, Kind, RiskFact, Seat
from gates.enums import View
from gates.selectors.ledger import Ledger
from ownership.domain.gaps import unowned
from phases.domain.readiness import CriterionFact as ScoredFact
from phases.domain.readiness import Proof, Readiness, Scoring, readiness
from phases.enums import UNLOCKING, CriterionState, EventKind, Outcome
from phases.models import Criterion, Event
from phases.selectors import Plan
from phases.selectors.reading import contradicted, proofs_of
from programs.domain.calendar import day_of
from programs.enums import SPONSOR
from risks.domain.register import PhaseStart, counts, positions_reached
from risks.models import Risk


def kind_of(event: Event, plan: Plan) -> Kind:
    """Which words an event takes: the launch checkpoint is the one with launch-blocking criteria (G18)."""
    if event.kind == EventKind.MINI_GATE:
        return Kind.MINI_GATE
    if event.kind == EventKind.GATE:
        return Kind.GATE
    blocking = any(c.launch_blocking and c.event_id == event.pk for c in plan.criteria)
    return Kind.LAUNCH if blocking else Kind.CHECKPOINT


def proofs_with_gates(plan: Plan, ledger: Ledger, today: dt.date) -> dict[int, Proof]:
    """Each criterion's proof by id, with waivers (worth nothing, G4) and what a passed gate froze ("Readiness")."""
    proofs = proofs_of(plan, today)
    frozen = _frozen(plan, ledger)
    active = ledger.active_waivers()
    reopened = contradicted(plan, today)  # what a gate froze about owners does not outlive them (S60)
    for criterion in plan.criteria:
        kept = frozen.get(criterion.slug) == Proof.VERIFIED_FRESH.value and criterion.pk not in reopened
        if kept and criterion.state == CriterionState.VERIFIED:
            proofs[criterion.pk] = Proof.VERIFIED_FRESH
        elif criterion.pk in active and proofs[criterion.pk] is not Proof.VERIFIED_FRESH:
            proofs[criterion.pk] = Proof.WAIVED
    return proofs


def _frozen(plan: Plan, ledger: Ledger) -> Mapping[str, str]:
    settled = ledger.settled([e for e in plan.events if e.kind != EventKind.MINI_GATE])
    return settled[1].proofs if settled else {}


def counted(event: Event, plan: Plan, scope: frozenset[int] | None = None) -> list[Criterion]:
    """The applicable criteria an event decides on: all up to it, or a mini-gate's shortened list (G21)."""
    if scope is not None:
        return [c for c in plan.criteria if c.applicable and c.pk in scope]
    return [c for c in plan.criteria if c.applicable and c.event.day <= event.day]


def scores(criteria: list[Criterion], proofs: Mapping[int, Proof], plan: Plan, today: dt.date) -> Readiness:
    """Readiness over some criteria with given proofs."""
    facts = (ScoredFact(c.slug, c.dimension_slug, c.level, c.due_day, proofs[c.pk]) for c in criteria)
    day = day_of(plan.program.start_date, today)
    return readiness(facts, day=day, scoring=Scoring.from_data(plan.program.scoring))


def examined(criterion: Criterion, plan: Plan) -> Examined:
    """A criterion's evidence and people as rule G19 sees them."""
    rows = plan.proven_by(criterion)
    owners = {criterion.handed_in_by_id} - {None}
    return Examined(
        proofs=tuple(evidence_rules.Proof(r.effective_date, r.added_at.date(), r.describes_version) for r in rows),
        max_age_days=criterion.max_age_days,
        evidence_type=criterion.evidence_type,
        verified_by=criterion.verified_by_id if criterion.state == CriterionState.VERIFIED else None,
        owners=frozenset(o for o in owners if o is not None),
        small_team=plan.program.small_team,
    )


def is_met(criterion: Criterion, proof: Proof, plan: Plan, today: dt.date, frozen: Mapping[str, str]) -> bool:
    """Whether a criterion is met on a day: frozen by a passed gate, or proven now as G19 asks."""
    if proof is not Proof.VERIFIED_FRESH:
        return False
    kept = frozen.get(criterion.slug) == Proof.VERIFIED_FRESH.value
    return kept or evidence_rules.counts(examined(criterion, plan), today)


def risk_fact(risk: Risk, ledger: Ledger, vacant: frozenset[int]) -> RiskFact:
    """A risk as it stands: its date is that of its open actions, late when one of them is overdue."""
    actions = list(risk.actions.all())
    dates = [a.due_date for a in actions if a.done_at is None and a.due_date is not None]
    acceptance = ledger.acceptance_of(risk)
    done = any(a.done_at is not None for a in actions)
    return RiskFact(
        slug=risk.slug,
        text=risk.event,
        score=risk.current_score,
        has_owner=risk.owner_role_id not in vacant,
        has_response=bool(risk.response),
        has_date=bool(dates) or done,
        has_actions=bool(actions),
        undated_actions=sum(a.done_at is None and a.due_date is None for a in actions),
        has_path=risk.path_id in ledger.paths,
        response_late=any(date < ledger.today for date in dates),
        accepted_until=acceptance.expires_on if acceptance else None,
        accepted_score=acceptance.score if acceptance else None,
        review_on=risk.review_on,
    )


def risk_facts(plan: Plan, ledger: Ledger, event: Event | None = None) -> tuple[RiskFact, ...]:
    """The open risks that count today or, with an event, by its phase; raised early counts at once (S89)."""
    vacant = frozenset(role.pk for role in plan.cast.vacant)
    return tuple(risk_fact(risk, ledger, vacant) for risk in counting(plan, ledger, event))


def counting(plan: Plan, ledger: Ledger, event: Event | None = None) -> list[Risk]:
    """The open risks whose phase has begun by today (with an event: by its phase), and those raised early."""
    phases = [PhaseStart(phase.slug, phase.position, phase.start_date) for phase in plan.phases]
    positions = {phase.slug: phase.position for phase in phases}
    reached = event.phase.position if event else positions_reached(phases, ledger.today)
    return [
        risk
        for risk in ledger.risks
        if counts(risk.raise_from_phase, raised=risk.raised_at is not None, reached=reached, positions=positions)
    ]


def seats(event: Event, plan: Plan, ledger: Ledger) -> tuple[Seat, ...]:
    """The gatekeeping roles and their views; the sponsor decides and so needs no view."""
    views = ledger.opinions_of(ledger.open_review(event))
    found = []
    for role in event.gatekeepers.all():
        if role.slug == SPONSOR:
            continue
        opinion = views.get(role.pk)
        view = View(opinion.view) if opinion else None
        found.append(Seat(plan.cast.by_id[role.pk].name, view, bool(opinion and opinion.dissent)))
    return tuple(found)


def gate_facts(event: Event, plan: Plan, ledger: Ledger, *, scope: frozenset[int] | None = None) -> GateFacts:
    """Everything that decides which decisions are open today. `scope`: ids of a mini-gate's criteria."""
    today, kind = ledger.today, kind_of(event, plan)
    proofs = proofs_of(plan, today) if kind is Kind.MINI_GATE else proofs_with_gates(plan, ledger, today)
    frozen = {} if kind is Kind.MINI_GATE else _frozen(plan, ledger)
    criteria = counted(event, plan, scope)
    active, expired = ledger.active_waivers(), ledger.expired_waivers()
    met = {c.pk: is_met(c, proofs[c.pk], plan, today, frozen) for c in criteria}
    current = ledger.current(event)
    gates = [e for e in plan.events if e.is_gate]
    first_gate = bool(gates) and gates[0].pk == event.pk
    needs_owners = kind in (Kind.GATE, Kind.LAUNCH) and not first_gate
    return GateFacts(
        kind=kind,
        name=event.name,
        today=today,
        limits=ledger.limits,
        in_review=ledger.open_review(event) is not None,
        first_gate=first_gate,
        earlier_open=_earlier_open(event, plan, ledger),
        criteria=tuple(_fact(c, event, kind, met[c.pk], c.pk in active) for c in criteria),
        dimensions=_dimensions(criteria, proofs, plan, today),
        active_waivers=sum(c.pk in active for c in criteria),
        expired_waivers=tuple(c.slug for c in criteria if c.pk in expired and not met[c.pk]),
        risks=risk_facts(plan, ledger, event),
        seats=seats(event, plan, ledger),
        holds=_times(ledger, Outcome.HOLD),
        recycles=_times(ledger, Outcome.RECYCLE, event),
        hold_review=current.review_date if current and current.word == Outcome.HOLD and not current.lapsed else None,
        unowned=tuple(gap.sentence for gap in unowned(plan.holdings(), today)) if needs_owners else (),
    )


def gate_verdict(event: Event, plan: Plan, ledger: Ledger, *, scope: frozenset[int] | None = None) -> Verdict:
    """Which decisions are open at an event today, why others are not, and which one is advised (G3)."""
    return verdict(gate_facts(event, plan, ledger, scope=scope))


def next_gate_after(event: Event, plan: Plan) -> Event | None:
    """The gate after an event; None after the last one."""
    return next((e for e in plan.events if e.is_gate and e.day > event.day), None)


def _fact(criterion: Criterion, event: Event, kind: Kind, met: bool, waived: bool) -> CriterionFact:
    must = criterion.is_must or (kind is Kind.LAUNCH and criterion.launch_blocking)
    return CriterionFact(
        criterion.slug, criterion.text, must, met, criterion.event_id == event.pk, criterion.non_waivable, waived
    )


def _earlier_open(event: Event, plan: Plan, ledger: Ledger) -> tuple[str, ...]:
    if event.kind == EventKind.MINI_GATE:
        return ()
    before = [e for e in plan.events if e.is_gate and e.day < event.day]
    return tuple(e.name for e in before if ledger.outcome(e) not in UNLOCKING)


def _dimensions(
    criteria: list[Criterion], proofs: Mapping[int, Proof], plan: Plan, today: dt.date
) -> dict[str, Fraction]:
    names = {c.dimension_slug: c.dimension_name for c in criteria}
    return {names[row.dimension]: row.score for row in scores(criteria, proofs, plan, today).dimensions}


def _times(ledger: Ledger, word: Outcome, event: Event | None = None) -> int:
    return sum(
        d.word == word and not d.lapsed and (event is None or d.event_id == event.pk)
        for d in ledger.standing_decisions()
    )
