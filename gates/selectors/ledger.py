"""Everything of one program that this app holds, in a fixed number of queries, judged as of a day. Must not write.

Nothing here depends on the daily pass having run: expiry and lapse are computed from dates.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from accounts.models import User
from core import clock
from escalation.models import Escalation
from gates.domain import conditions as condition_rules
from gates.domain import waivers as waiver_rules
from gates.domain.conditions import Standing
from gates.domain.contents import SETTLING
from gates.domain.limits import Limits
from gates.enums import ConditionState, RequestState
from gates.models import (
    Condition,
    Decision,
    DeclaredStatus,
    ExceptionNote,
    GateAlternate,
    GateReview,
    Opinion,
    Waiver,
)
from gates.selectors.ledger_rows import load_rows
from metrics.selectors.standing import MetricStanding, standings
from phases.enums import Outcome
from phases.models import Event
from programs.models import Program
from risks.models import Risk, RiskAcceptance


@dataclass(frozen=True)
class Ledger:
    """A program's decisions and everything around them; `limits` are the program's own numbers."""

    program: Program
    today: dt.date
    limits: Limits
    decisions: list[Decision]
    reviews: list[GateReview]
    opinions: list[Opinion]
    alternates: list[GateAlternate]
    waivers: list[Waiver]
    conditions: list[Condition]
    risks: list[Risk]
    acceptances: list[RiskAcceptance]
    declared: DeclaredStatus | None
    notes: list[ExceptionNote]
    waited_for: list[tuple[int, int]]
    paths: frozenset[int]
    metrics: list[MetricStanding]
    escalations: list[Escalation]
    empty_rungs: frozenset[int]

    def decisions_of(self, event: Event) -> list[Decision]:
        """Every decision of an event in order, superseded ones included."""
        return [decision for decision in self.decisions if decision.event_id == event.pk]

    def standing_decisions(self) -> list[Decision]:
        """Decisions that no other one supersedes."""
        replaced = {decision.supersedes_id for decision in self.decisions}
        return [decision for decision in self.decisions if decision.pk not in replaced]

    def current(self, event: Event) -> Decision | None:
        """The decision that counts for an event now: the latest round's, the last one in its chain."""
        own = [decision for decision in self.standing_decisions() if decision.event_id == event.pk]
        return max(own, key=lambda decision: (decision.number, decision.pk), default=None)

    def outcome(self, event: Event) -> Outcome | None:
        """The word that counts today: a decision whose condition is long overdue counts as Hold already (G15)."""
        decision = self.current(event)
        if decision is None:
            return None
        word = Outcome(decision.word)
        if word in SETTLING and any(s is Standing.LAPSED for _, s in self.standings(decision)):
            return Outcome.HOLD
        return word

    def open_review(self, event: Event) -> GateReview | None:
        """The round that waits for its decision."""
        return next((r for r in self.reviews if r.event_id == event.pk and r.closed_at is None), None)

    def opinions_of(self, review: GateReview | None) -> dict[int, Opinion]:
        """The views of a round by role."""
        return {o.role_id: o for o in self._opinions(review)} if review else {}

    def silent_seats(self) -> dict[int, list[int]]:
        """Gatekeeping roles that have not spoken in an open round, by event (G22)."""
        heard = {(r.event_id, o.role_id) for r in self.reviews if r.closed_at is None for o in self._opinions(r)}
        found: dict[int, list[int]] = {}
        for event_id, role_id in self.waited_for:
            if (event_id, role_id) not in heard:
                found.setdefault(event_id, []).append(role_id)
        return found

    def _opinions(self, review: GateReview) -> list[Opinion]:
        return [o for o in self.opinions if o.review_id == review.pk]

    def alternates_of(self, event: Event) -> dict[int, GateAlternate]:
        """The named alternates of an event by role."""
        return {a.role_id: a for a in self.alternates if a.event_id == event.pk}

    def standings(self, decision: Decision | None = None) -> list[tuple[Condition, Standing]]:
        """Conditions with where they stand today; those of one decision, or of all decisions that count."""
        counted = {decision.pk} if decision else {d.pk for d in self.standing_decisions()}
        return [
            (c, condition_rules.standing(ConditionState(c.state), c.due_date, self.today, self.limits))
            for c in self.conditions
            if c.decision_id in counted
        ]

    def open_conditions(self) -> list[tuple[Condition, Standing]]:
        """Conditions that are not closed, of decisions that count."""
        return [(c, s) for c, s in self.standings() if s is not Standing.CLOSED]

    def active_waivers(self) -> dict[int, Waiver]:
        """Approved waivers that hold today, by criterion."""
        return {
            w.criterion_id: w
            for w in reversed(self.waivers)
            if waiver_rules.is_active(RequestState(w.state), w.expires_on, self.today)
        }

    def expired_waivers(self) -> dict[int, Waiver]:
        """Waivers that were approved and ran out, with none in force instead, by criterion; the newest one."""
        active, found = self.active_waivers(), {}
        for waiver in reversed(self.waivers):
            state = waiver_rules.state_on(RequestState(waiver.state), waiver.expires_on, self.today)
            approved = waiver.answered_by_id is not None
            if state is RequestState.EXPIRED and approved and waiver.criterion_id not in active:
                found[waiver.criterion_id] = waiver
        return found

    def acceptance_of(self, risk: Risk) -> RiskAcceptance | None:
        """The newest acceptance of a risk that nobody ended; it may have expired."""
        return next((a for a in self.acceptances if a.risk_id == risk.pk and a.ended_at is None), None)

    def before(self, decision: Decision) -> "Ledger":
        """The ledger as if a decision's round were still undecided: what a correction is judged by."""
        others = [d for d in self.decisions if (d.event_id, d.number) != (decision.event_id, decision.number)]
        reviews = []
        for review in self.reviews:
            opened = copy(review)
            if review.pk == decision.review_id:
                opened.closed_at = None
            reviews.append(opened)
        return replace(self, decisions=others, reviews=reviews)

    def settled(self, events: Iterable[Event]) -> tuple[Event, Decision] | None:
        """The last event whose decision let the program go on, with that decision: its proofs are frozen."""
        found = None
        for event in sorted(events, key=lambda e: (e.day, e.pk)):
            decision = self.current(event)
            if decision is not None and Outcome(decision.word) in SETTLING:
                found = (event, decision)
        return found


def limits_of(program: Program) -> Limits:
    """The numbers of the rules as this program carries them."""
    return Limits.from_data(program.limits, program.scoring, program.risk_scale)


def load_ledger(program: Program, today: dt.date, people: Mapping[int, User] | None = None) -> Ledger:
    """Load a program's ledger: one query, and one more when it names others than `people`. The same at every size."""
    return load_ledgers([(program, today)], people)[program.pk]


def load_ledgers(
    programs: Sequence[tuple[Program, dt.date]], people: Mapping[int, User] | None = None
) -> dict[int, Ledger]:
    """Load the ledgers of programs, each as of its own day, by id, with the queries of one.

    `people` are known already, by id, and not loaded again.
    """
    rows = load_rows([program for program, _ in programs], people or {})
    zones = {program.pk: program.time_zone for program, _ in programs}
    metrics = standings(rows.metrics, rows.alerts, zones, clock.now())
    found = {}
    for program, today in programs:
        own = rows.of(program.pk)
        declared = next(iter(own.pop("declared")), None)
        own["metrics"] = metrics.get(program.pk, [])
        found[program.pk] = Ledger(program, today, limits_of(program), declared=declared, **own)
    return found
