"""Everything of one program that this app holds, in a fixed number of queries, judged as of a day. Must not write.

Nothing here depends on the daily pass having run: expiry and lapse are computed from dates.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from django.db.models import Model, QuerySet

from escalation.models import Escalation
from escalation.selectors.standing import running_of
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
from phases.enums import Outcome
from phases.models import Event
from programs.models import Program
from risks.models import Risk, RiskAcceptance

M = TypeVar("M", bound=Model)
Rows: TypeAlias = dict[int, list[M]]


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
    escalations: list[Escalation]

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
        return {o.role_id: o for o in self.opinions if review is not None and o.review_id == review.pk}

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


def load_ledger(program: Program, today: dt.date) -> Ledger:
    """Load a program's ledger with twelve queries, whatever its size."""
    return load_ledgers([(program, today)])[program.pk]


def load_ledgers(programs: Sequence[tuple[Program, dt.date]], *, rounds: bool = True) -> dict[int, Ledger]:
    """Load the ledgers of programs, each as of its own day, by id: twelve queries for all, nine without `rounds`.

    Without `rounds` there are no reviews, views and alternates: a reading needs none.
    """
    ids = [program.pk for program, _ in programs]
    own = {"program__in": ids}
    reviews: Rows[GateReview] = {}
    opinions: Rows[Opinion] = {}
    alternates: Rows[GateAlternate] = {}
    if rounds:
        reviews = _grouped(GateReview.objects.filter(**own).order_by("id"))
        said = Opinion.objects.filter(review__program__in=ids).select_related("person", "review")
        for opinion in said:
            opinions.setdefault(opinion.review.program_id, []).append(opinion)
        alternates = _grouped(GateAlternate.objects.filter(**own).select_related("person"))
    decisions = _grouped(Decision.objects.filter(**own).order_by("id"))
    waivers = _grouped(Waiver.objects.filter(**own).order_by("-id"))
    conditions = _grouped(Condition.objects.filter(**own).select_related("owner"))
    risks = _grouped(Risk.objects.filter(**own, closed_at=None).prefetch_related("actions"))
    acceptances: Rows[RiskAcceptance] = {}
    for row in RiskAcceptance.objects.filter(risk__program__in=ids).select_related("risk").order_by("-id"):
        acceptances.setdefault(row.risk.program_id, []).append(row)
    declared = _grouped(DeclaredStatus.objects.filter(**own, ended_at=None).select_related("declared_by"))
    escalations = _grouped(running_of(ids))
    notes = _grouped(ExceptionNote.objects.filter(**own, answered_at=None))
    return {
        program.pk: Ledger(
            program=program,
            today=today,
            limits=limits_of(program),
            decisions=decisions.get(program.pk, []),
            reviews=reviews.get(program.pk, []),
            opinions=opinions.get(program.pk, []),
            alternates=alternates.get(program.pk, []),
            waivers=waivers.get(program.pk, []),
            conditions=conditions.get(program.pk, []),
            risks=risks.get(program.pk, []),
            acceptances=acceptances.get(program.pk, []),
            declared=next(iter(declared.get(program.pk, [])), None),
            notes=notes.get(program.pk, []),
            escalations=escalations.get(program.pk, []),
        )
        for program, today in programs
    }


def _grouped(rows: QuerySet[M]) -> Rows[M]:
    """Sort rows apart by program (one query)."""
    found: Rows[M] = {}
    for row in rows:
        program_id: int = row.program_id  # type: ignore[attr-defined]  # every model here has a program
        found.setdefault(program_id, []).append(row)
    return found
