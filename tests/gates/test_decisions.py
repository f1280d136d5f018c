"""Recording decisions on the program: one per round, what each word does, corrections, two deciders, sent twice."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from core.errors import Conflict, Invalid
from gates.domain.conditions import Standing
from gates.enums import View
from gates.models import Condition, Decision, GateReview
from gates.selectors.facts import gate_verdict, proofs_with_gates
from gates.selectors.ledger import load_ledger
from gates.services import deciding, ending, reviews, waivers
from gates.services.base import Incomplete
from gates.services.deciding import DecidedAlready
from phases.domain.readiness import Proof
from phases.enums import Outcome
from phases.models import DateChange
from phases.selectors import load_plan
from phases.services import add_evidence, complete_task
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World, conditional, decided, go, hold, open_round, prove, recycle, stop


def test_g01_go_unlocks_the_next_phase_and_the_record_says_who_and_why(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        made = decided(w, go())
    event = w.event("gate-30")
    assert (event.state, event.outcome, event.decided_by_id) == ("decided", "go", w.person("sam").pk)
    assert (made.word, made.number, made.decided_by_name) == ("go", 1, str(w.person("sam")))
    assert made.recommendation["recommended"] == "go"
    assert [view["view"] for view in made.opinions] == ["support"] * 3
    assert made.attendance[0]["as"] == "decider"
    assert made.proofs["accuracy"] == "verified_fresh"
    assert GateReview.objects.get(event=event).closed_at == made.decided_at


def test_g01_gate_two_stays_closed_until_gate_one_is_passed(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w, "gate-60")
        with pytest.raises(Invalid, match=r"comes first and has not been passed \(G1\)"):
            decided(w, go(), "gate-60")


def test_g03_dissent_is_kept_with_its_words(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        reviews.give_view(
            actor=w.person("ben"),
            event=w.event("gate-30"),
            role=w.role("business-owner"),
            view=View.OPPOSE,
            text="The sample is small.",
            dissent=True,
        )
        made = decided(w, go())
    against = next(view for view in made.opinions if view["role"] == "business-owner")
    assert (against["view"], against["dissent"], against["text"]) == ("oppose", True, "The sample is small.")


def test_g05_conditional_go_over_waivers_sets_conditions_and_unlocks(w: World) -> None:
    with build.on(GATE_DAY):
        _waive(w, "accuracy")
        open_round(w)
        with pytest.raises(Invalid, match=r"waived is not met \(G4\)"):
            decided(w, go())
        made = decided(w, conditional())
    assert w.event("gate-30").outcome == "conditional-go"
    assert Condition.objects.get(decision=made).owner_role.slug == "model-owner"
    ledger = load_ledger(w.program, GATE_DAY)
    assert [standing for _, standing in ledger.open_conditions()] == [Standing.OPEN]
    proofs = proofs_with_gates(load_plan(w.program), ledger, GATE_DAY)
    assert proofs[w.criterion("accuracy").pk] is Proof.WAIVED


def test_g05_a_fourth_waiver_leaves_recycle_and_hold(w: World) -> None:
    for number in range(3):
        build.add(w, f"extra-{number}")
    with build.on(GATE_DAY):
        for slug in ("accuracy", "extra-0", "extra-1", "extra-2"):
            _waive(w, slug)
        open_round(w)
        with pytest.raises(Invalid, match=r"at most 3 may be \(G5\)"):
            decided(w, conditional())
        found = gate_verdict(w.event("gate-30"), load_plan(w.program), load_ledger(w.program, GATE_DAY))
    assert found.recommended is Outcome.RECYCLE
    assert found.of(Outcome.HOLD).available


def test_g08_hold_keeps_the_gate_pending_until_its_review_and_the_third_is_refused(w: World) -> None:
    day = GATE_DAY
    for number in (1, 2):
        with build.on(day):
            open_round(w)
            decided(w, hold(day))
        event = w.event("gate-30")
        assert (event.state, event.outcome, event.decided_at) == ("pending", "hold", None)
        day = event.due_date
        assert DateChange.objects.filter(item_kind="event", item_id=event.pk).count() == number
    with build.on(day):
        open_round(w)
        with pytest.raises(Invalid, match=r"a further one is refused \(G8\)"):
            decided(w, hold(day))


def test_g08_after_the_review_date_holding_on_is_closed(w: World) -> None:
    with build.on(GATE_DAY):
        open_round(w)
        decided(w, hold())
    late = w.event("gate-30").due_date + dt.timedelta(days=1)
    with build.on(late):
        open_round(w)
        with pytest.raises(Invalid, match=r"choose Go, Recycle or Stop \(G8\)"):
            decided(w, hold(late))
        assert decided(w, recycle("accuracy", day=late)).word == "recycle"


def test_g09_recycle_narrows_the_next_round_and_the_third_is_refused(w: World) -> None:
    build.add(w, "steady", proven=True)
    day = GATE_DAY
    for _ in (1, 2):
        with build.on(day):
            open_round(w)
            decided(w, recycle("accuracy", day=day))
        day = w.event("gate-30").due_date
    with build.on(day):
        open_round(w)
        assert GateReview.objects.get(event=w.event("gate-30"), number=3).scope == ["accuracy"]
        with pytest.raises(Invalid, match=r"choose Hold or Stop \(G9\)"):
            decided(w, recycle("accuracy", day=day))


def test_g10_stop_needs_no_round_ends_the_program_and_leaves_disposal_tasks(w: World) -> None:
    with build.on(dt.date(2026, 1, 20)):
        decided(w, stop())
    program = w.program
    assert (program.state, program.closure.kind, program.closure.reason_code) == ("stopped", "stopped", "value")
    assert int(program.closure.cost_avoided_amount or 0) == 120000
    tasks = list(program.closure.disposal_tasks.order_by("slug"))
    assert [task.slug for task in tasks] == ["disposal-accounts", "disposal-data", "disposal-model-access"]
    done = complete_task(actor=w.person("mia"), task=tasks[2])
    assert done.state == "done"


def test_g10_after_a_stop_nothing_else_changes(w: World) -> None:
    with build.on(GATE_DAY):
        decided(w, stop())
        with pytest.raises(Exception, match="This program is stopped"):
            reviews.open_review(actor=w.person("pat"), event=w.event("gate-60"))
        with pytest.raises(Exception, match="This program is stopped"):
            decided(w, stop(), "gate-60")


def test_g11_a_correction_is_a_new_decision_and_the_old_one_stays(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        first = decided(w, go())
        second = deciding.supersede(
            actor=w.person("sam"), decision=first, wanted=conditional(reason="I overlooked the bias test."), key="again"
        )
        again = deciding.supersede(actor=w.person("sam"), decision=first, wanted=conditional(), key="again")
        with pytest.raises(Conflict, match="not the one that counts"):
            deciding.supersede(actor=w.person("sam"), decision=first, wanted=go())
    assert again.pk == second.pk
    assert (second.supersedes_id, second.number) == (first.pk, 1)
    assert w.event("gate-30").outcome == "conditional-go"
    assert load_ledger(w.program, GATE_DAY).current(w.event("gate-30")) == second
    assert Decision.objects.get(pk=first.pk).word == "go"


def test_g11_no_correction_once_a_later_gate_was_decided(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        first = decided(w, go())
        open_round(w, "gate-60")
        decided(w, hold(), "gate-60")
        with pytest.raises(Invalid, match="was decided since"):
            deciding.supersede(actor=w.person("sam"), decision=first, wanted=stop())


@pytest.mark.parametrize("statement", ["UPDATE gates_decision SET reason = 'x'", "DELETE FROM gates_decision"])
def test_g11_the_database_refuses_to_change_or_delete_a_decision(w: World, statement: str) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        decided(w, go())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_a_passed_gate_stood_on_is_frozen_and_keeps_its_credit(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        decided(w, go())
        with pytest.raises(Invalid, match="it is frozen"):
            add_evidence(
                actor=w.person("mia"),
                criterion=w.criterion("accuracy"),
                kind="note",  # type: ignore[arg-type]  # the value of the enum
                title="Later",
                note="Later",
                effective_date=GATE_DAY,
            )
    much_later = dt.date(2026, 4, 20)
    ledger = load_ledger(w.program, much_later)
    assert (
        proofs_with_gates(load_plan(w.program), ledger, much_later)[w.criterion("accuracy").pk] is Proof.VERIFIED_FRESH
    )


def test_p16_the_same_form_sent_twice_is_one_decision(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        first = decided(w, go(), key="form-1", number=1)
        assert decided(w, go(), key="form-1", number=1).pk == first.pk
    assert Decision.objects.count() == 1


def test_p16_who_comes_second_sees_both_decisions(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        decided(w, go(), key="first", number=1)
        with pytest.raises(DecidedAlready) as caught:
            decided(w, hold(), key="second", number=1)
    assert "On record: Go" in caught.value.current
    assert "Yours: Hold: “The regulator has not answered.”" in caught.value.current
    assert Decision.objects.count() == 1


def test_every_missing_part_is_told_at_once_with_its_field(w: World) -> None:
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        with pytest.raises(Incomplete) as caught:
            decided(w, go(reason="", next_owner="", next_budget=""))
    assert [fault.field for fault in caught.value.faults] == ["reason", "next_owner", "next_budget"]


def test_checkpoints_take_their_own_words_from_the_manager(w: World) -> None:
    with build.on(dt.date(2026, 3, 20)):
        made = deciding.decide(actor=w.person("pat"), event=w.event("cp-75"), wanted=_word(Outcome.ON_TRACK))
        with pytest.raises(DecidedAlready):
            deciding.decide(actor=w.person("pat"), event=w.event("cp-75"), wanted=_word(Outcome.OFF_TRACK))
        with pytest.raises(Exception, match="is not open"):
            deciding.decide(actor=w.person("sam"), event=w.event("gate-30"), wanted=_word(Outcome.ON_TRACK))
    assert (made.word, w.event("cp-75").outcome) == ("on-track", "on-track")


def test_go_at_the_last_gate_hands_over_to_running_and_closing_ends_it(w: World) -> None:
    for slug in ("accuracy", "alerts"):
        prove(w, slug, dt.date(2026, 2, 1))
    for slug in ("gate-30", "gate-60", "gate-90"):
        with build.on(w.event(slug).due_date):
            open_round(w, slug)
            decided(w, go(), slug)
    assert w.program.state == "running"
    closing = {"reason": "Replaced", "lessons": "Plan", "people_told": "All", "disposal": "Deleted"}
    with build.on(dt.date(2026, 8, 3)):
        with pytest.raises(Incomplete):
            ending.close_program(actor=w.person("sam"), program=w.program, **{**closing, "lessons": ""})
        made = ending.close_program(actor=w.person("sam"), program=w.program, **closing)
        assert ending.close_program(actor=w.person("sam"), program=w.program, **closing).pk == made.pk
    assert w.program.state == "closed"
    assert made.disposal_tasks.count() == 3


def _word(word: Outcome) -> build.DecisionInput:
    return build.DecisionInput(word=word, reason="As seen.")


def _waive(w: World, slug: str) -> None:
    asked = waivers.request_waiver(
        actor=w.person("mia"),
        criterion=w.criterion(slug),
        reason="Late",
        control="Manual check",
        control_evidence="Log",
        expires_on=GATE_DAY + dt.timedelta(days=20),
    )
    waivers.approve_waiver(actor=w.person("rita"), waiver=asked)
