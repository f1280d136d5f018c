"""A gate driven through its services by people who try anything in any order: no forbidden state is reached."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.errors import ServiceError
from gates.enums import ConditionState, RequestState, View
from gates.models import Condition, Decision, GateReview, Waiver
from gates.selectors.ledger import load_ledger
from gates.services import conditions, deciding, reviews, waivers
from gates.services.expiry import expire_due
from phases.enums import UNLOCKING, CriterionState, Outcome
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World

PEOPLE = st.sampled_from(["sam", "pat", "mia", "max", "ivy", "rita", "rob", "ben", "fay"])
GATES = st.sampled_from(["gate-30", "gate-30", "gate-60"])
SLUGS = st.sampled_from(["accuracy", "bias", "rights", "cost", "drift", "alerts"])
MUSTS = {"accuracy", "bias", "rights", "cost", "drift"}


class Gate(RuleBasedStateMachine):
    """One program; every rule is something one of its people tries, and refusals are part of the game."""

    tried: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.day = GATE_DAY

    @initialize(proven=st.sets(st.sampled_from(["accuracy", "rights", "cost", "drift"]), min_size=2))
    def make(self, proven: set[str]) -> None:
        self.w: World = build.world()
        for slug in ("bias", "cost", "drift"):
            build.add(self.w, slug)
        build.add(self.w, "rights", non_waivable=True)
        for slug in sorted(proven):
            build.prove(self.w, slug)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def attempt(self, name: str, act: Callable[[], Any]) -> None:
        """Let somebody try; what is refused leaves nothing behind."""
        with build.on(self.day):
            try:
                with transaction.atomic():
                    act()
                self.tried[name] += 1
            except ServiceError:
                self.tried[f"refused {name}"] += 1

    @rule(slug=GATES, person=PEOPLE)
    def open_review(self, slug: str, person: str) -> None:
        self.attempt("open", lambda: reviews.open_review(actor=self.w.person(person), event=self.w.event(slug)))

    @rule(slug=GATES)
    def hand_in_and_hear(self, slug: str) -> None:
        self.attempt("open", lambda: build.open_round(self.w, slug))

    @rule(slug=GATES, person=PEOPLE, view=st.sampled_from(View), role=st.sampled_from(["finance-partner", "sponsor"]))
    def give_view(self, slug: str, person: str, view: View, role: str) -> None:
        self.attempt(
            "view",
            lambda: reviews.give_view(
                actor=self.w.person(person), event=self.w.event(slug), role=self.w.role(role), view=view, text="So."
            ),
        )

    @rule(slug=SLUGS)
    def prove(self, slug: str) -> None:
        if self.w.criterion(slug).state != CriterionState.VERIFIED:
            build.prove(self.w, slug, self.day)

    @rule(slug=SLUGS, person=PEOPLE, days=st.integers(-1, 35))
    def ask_for_waiver(self, slug: str, person: str, days: int) -> None:
        criterion = self.w.criterion(slug)
        old = Waiver.objects.filter(criterion=criterion, state=RequestState.APPROVED).first()
        self.attempt(
            "waiver",
            lambda: waivers.request_waiver(
                actor=self.w.person(person),
                criterion=criterion,
                reason="Late",
                control="Manual check",
                control_evidence="Log",
                expires_on=self.day + dt.timedelta(days=days),
                extension_of=old,
            ),
        )

    @rule(person=PEOPLE, approve=st.booleans())
    def answer_waiver(self, person: str, approve: bool) -> None:
        waiting = Waiver.objects.filter(program=self.w.program, state=RequestState.REQUESTED).first()
        if waiting is None:
            return
        actor = self.w.person(person)
        if approve:
            self.attempt("approve", lambda: waivers.approve_waiver(actor=actor, waiver=waiting))
        else:
            self.attempt("refuse", lambda: waivers.refuse_waiver(actor=actor, waiver=waiting, words="No"))

    def waive(self, slug: str) -> None:
        """The usual way: the owner asks, the risk lead approves."""

        def act() -> None:
            made = waivers.request_waiver(
                actor=self.w.person("mia"),
                criterion=self.w.criterion(slug),
                reason="Late",
                control="Manual check",
                control_evidence="Log",
                expires_on=self.day + dt.timedelta(days=12),
            )
            waivers.approve_waiver(actor=self.w.person("rita"), waiver=made)

        self.attempt("waive", act)

    @rule(slug=GATES, person=st.sampled_from(["sam", "sam", "sam", "pat", "rita"]), word=st.integers(0, 7))
    def decide(self, slug: str, person: str, word: int) -> None:
        wanted = self._wanted(word)
        actor, event = self.w.person(person), self.w.event(slug)
        self.attempt(f"decide {wanted.word}", lambda: deciding.decide(actor=actor, event=event, wanted=wanted))

    @rule(slug=GATES, word=st.integers(0, 7))
    def decide_the_usual_way(self, slug: str, word: int) -> None:
        self.hold_a_round(slug, word)

    def hold_a_round(self, slug: str, word: int) -> None:
        """Handed in, everybody heard, the sponsor decides."""
        self.attempt("open", lambda: build.open_round(self.w, slug))
        wanted = self._wanted(word)
        self.attempt(f"decide {wanted.word}", lambda: build.decided(self.w, wanted, slug))

    @rule(slug=GATES)
    def pass_on_conditions(self, slug: str) -> None:
        """What a team does that is nearly there: waives what is missing and asks for a Conditional Go."""
        self.prove("rights")
        for missing in sorted(MUSTS):
            if self.w.criterion(missing).state != CriterionState.VERIFIED:
                self.waive(missing)
        self.hold_a_round(slug, 2)

    @rule(word=st.integers(0, 7))
    def supersede(self, word: int) -> None:
        last = Decision.objects.filter(program=self.w.program).last()
        if last is not None:
            self.attempt(
                "supersede",
                lambda: deciding.supersede(actor=self.w.person("sam"), decision=last, wanted=self._wanted(word)),
            )

    @rule(person=PEOPLE)
    def prove_condition(self, person: str) -> None:
        row = Condition.objects.filter(program=self.w.program, state=ConditionState.OPEN).first()
        if row is not None:
            actor = self.w.person(person)
            self.attempt("prove", lambda: conditions.prove_condition(actor=actor, condition=row, text="Done"))

    @rule(person=PEOPLE)
    def close_condition(self, person: str) -> None:
        row = Condition.objects.filter(program=self.w.program, state=ConditionState.EVIDENCE).first()
        if row is not None:
            actor = self.w.person(person)
            self.attempt("close", lambda: conditions.close_condition(actor=actor, condition=row))

    @rule(days=st.integers(1, 12), daily_pass=st.booleans())
    def time_goes_by(self, days: int, daily_pass: bool) -> None:
        self.day += dt.timedelta(days=days)
        if daily_pass:
            self.attempt("expire", lambda: expire_due(self.w.program, self.day))

    def _wanted(self, word: int) -> Any:
        unmet = tuple(s for s in sorted(MUSTS) if self.w.criterion(s).state != CriterionState.VERIFIED)
        choices = [
            build.go(explanation="Known."),
            build.go(explanation="Known."),
            build.conditional(self.day),
            build.conditional(self.day),
            build.hold(self.day),
            build.recycle(*unmet[:1], day=self.day),
            build.stop() if self.day.day % 5 == 0 else build.go(),
            build.conditional(self.day, conditions=(build.condition(self.day, due_date=self.day),)),
        ]
        return choices[word]

    @invariant()
    def a_round_has_one_decision_and_every_chain_one_end(self) -> None:
        rows = list(Decision.objects.filter(program=self.w.program))
        roots = Counter((row.event_id, row.number) for row in rows if row.supersedes_id is None)
        assert set(roots.values()) <= {1}
        heirs = Counter(row.supersedes_id for row in rows if row.supersedes_id is not None)
        assert set(heirs.values()) <= {1}
        assert GateReview.objects.filter(program=self.w.program, closed_at=None).count() <= 2

    @invariant()
    def nobody_but_the_sponsor_decided_and_everybody_was_heard(self) -> None:
        for row in Decision.objects.filter(program=self.w.program, lapsed=False):
            assert row.decided_by_id == self.w.person("sam").pk
            if row.word != Outcome.STOP:
                assert len(row.opinions) == 3

    @invariant()
    def go_stood_on_proof_and_conditional_go_on_few_waivers(self) -> None:
        for row in Decision.objects.filter(program=self.w.program, word__in=UNLOCKING):
            proofs = {slug: row.proofs[slug] for slug in MUSTS}
            unmet = {slug for slug, proof in proofs.items() if proof != "verified_fresh"}
            if row.word == Outcome.GO:
                assert not unmet
                assert "waived" not in row.proofs.values()
            assert "rights" not in unmet
            assert {proofs[slug] for slug in unmet} <= {"waived"}
            assert len(unmet) <= 3

    @invariant()
    def two_holds_two_recycles_and_gates_in_order(self) -> None:
        ledger = load_ledger(self.w.program, self.day)
        words = Counter(d.word for d in ledger.standing_decisions() if not d.lapsed)
        assert words[Outcome.HOLD] <= 2
        recycled = Counter(d.event_id for d in ledger.standing_decisions() if d.word == Outcome.RECYCLE)
        assert all(count <= 2 for count in recycled.values())
        if any(d.event_id == self.w.event("gate-60").pk and d.word in UNLOCKING for d in ledger.decisions):
            assert any(d.event_id == self.w.event("gate-30").pk and d.word in UNLOCKING for d in ledger.decisions)

    @invariant()
    def the_event_says_what_the_record_says(self) -> None:
        ledger = load_ledger(self.w.program, self.day)
        for slug in ("gate-30", "gate-60"):
            event, current = self.w.event(slug), ledger.current(self.w.event(slug))
            assert event.outcome == (current.word if current else "")
            assert (event.state == "decided") == (bool(current) and current.word not in ("hold", "recycle"))
        stopped = Decision.objects.filter(program=self.w.program, word=Outcome.STOP).exists()
        assert (self.w.program.state == "stopped") is stopped

    @invariant()
    def waivers_are_approved_by_others_extended_once_and_never_outlive_their_day(self) -> None:
        rows = list(Waiver.objects.filter(program=self.w.program))
        for row in rows:
            if row.state in (RequestState.APPROVED, RequestState.EXPIRED) and row.answered_by_id:
                assert row.answered_by_id != row.requested_by_id
                assert row.answered_by_id not in (self.w.person("mia").pk, self.w.person("max").pk)
                assert row.criterion.slug != "rights"
            assert (
                row.extension_of_id is None
                or next(one for one in rows if one.pk == row.extension_of_id).extension_of_id is None
            )
        active = load_ledger(self.w.program, self.day).active_waivers().values()
        assert all(row.expires_on >= self.day for row in active)

    @invariant()
    def conditions_were_closed_by_somebody_else(self) -> None:
        owners = {self.w.person("mia").pk, self.w.person("max").pk}
        for row in Condition.objects.filter(program=self.w.program, state=ConditionState.CLOSED):
            assert row.closed_by_id not in owners
            assert row.evidence_note


@pytest.mark.slow
@pytest.mark.django_db
def test_whatever_people_try_no_forbidden_state_is_reached() -> None:
    Gate.tried.clear()
    run_state_machine_as_test(
        Gate,
        settings=settings(
            max_examples=10,
            stateful_step_count=30,
            derandomize=True,  # the same walks every time, so that what they reach can be asked for below
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    reached = {name for name in Gate.tried if not name.startswith("refused")}
    assert {"open", "waive", "decide hold", "decide recycle", "decide conditional-go"} <= reached, Gate.tried
    assert {"refused open", "refused decide go", "refused approve"} <= set(Gate.tried), Gate.tried
