"""Waivers, conditions, tailoring, views, exceptions, rollout, declared status, replanning, risks: by service."""

import datetime as dt
from typing import Any

import pytest

from activity.enums import Verb
from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from gates.domain.exceptions import NoteInput
from gates.enums import RequestState, StepState, TailoringKind, View
from gates.models import Condition, Decision, Waiver
from gates.selectors.at_risk import cost_at_risk, work_at_risk
from gates.selectors.facts import gate_facts
from gates.selectors.ledger import load_ledger
from gates.selectors.reading import read_program
from gates.services import between, conditions, deciding, reviews, rollout, tailoring, waivers
from gates.services.base import Incomplete
from gates.services.expiry import expire_due
from phases.enums import Level, Outcome
from phases.selectors import load_plan
from risks import services as risks
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World, conditional, decided, go, hear, open_round, prove


def day(count: int) -> dt.date:
    return GATE_DAY + dt.timedelta(days=count)


def ask(w: World, **fields: Any) -> Waiver:
    values = {
        "actor": w.person("mia"),
        "criterion": w.criterion("accuracy"),
        "reason": "Late",
        "control": "Manual check",
        "control_evidence": "Log",
        "expires_on": day(20),
    }
    return waivers.request_waiver(**{**values, **fields})


def reading(w: World, on: dt.date) -> Any:
    now = dt.datetime.combine(on, dt.time(8), dt.UTC)
    return read_program(load_plan(w.program), today=on, last_update=now)


def slugs(w: World, on: dt.date) -> set[str]:
    return {rule.slug for rule in reading(w, on).status.rules}


def test_g07_a_waiver_is_asked_for_by_one_and_approved_by_another(w: World) -> None:
    with build.on(GATE_DAY):
        asked = ask(w)
        assert ask(w).pk == asked.pk
        with pytest.raises(NotAllowed, match="You asked for this"):
            waivers.approve_waiver(actor=w.person("mia"), waiver=asked)
        with pytest.raises(NotAllowed, match="Risk governance lead"):
            waivers.approve_waiver(actor=w.person("sam"), waiver=asked)
        approved = waivers.approve_waiver(actor=w.person("rita"), waiver=asked)
    assert (approved.state, approved.answered_by_id) == ("approved", w.person("rita").pk)
    assert {"waiver-active"} <= slugs(w, day(1))


def test_g07_a_high_linked_risk_makes_it_the_sponsors(w: World) -> None:
    high = build.risk(w)
    with build.on(GATE_DAY):
        asked = ask(w, risk=high)
        with pytest.raises(NotAllowed, match="Executive sponsor"):
            waivers.approve_waiver(actor=w.person("rita"), waiver=asked)
        assert waivers.approve_waiver(actor=w.person("sam"), waiver=asked).state == "approved"


def test_g07_on_expiry_the_criterion_reopens_by_itself_and_the_status_is_red(w: World) -> None:
    with build.on(GATE_DAY):
        waivers.approve_waiver(actor=w.person("rita"), waiver=ask(w))
        open_round(w)
        decided(w, conditional())
    after = day(21)
    assert "waiver-expired" in slugs(w, after)
    facts = gate_facts(w.event("gate-60"), load_plan(w.program), load_ledger(w.program, after))
    assert facts.expired_waivers == ("accuracy",)
    assert expire_due(w.program, after) == Waiver.objects.filter(state=RequestState.EXPIRED).count() + 1
    assert expire_due(w.program, after) == 0
    assert Entry.objects.filter(verb=Verb.WAIVER_EXPIRED, actor_id=None).count() == 1


def test_g07_one_extension_as_a_new_approval_and_never_an_edit(w: World) -> None:
    with build.on(GATE_DAY):
        first = waivers.approve_waiver(actor=w.person("rita"), waiver=ask(w))
        with pytest.raises(Invalid, match="only the one extension"):
            ask(w, expires_on=day(25))
    with build.on(day(15)):
        asked = ask(w, extension_of=first, expires_on=day(28))
        second = waivers.approve_waiver(actor=w.person("rita"), waiver=asked)
    with build.on(day(20)), pytest.raises(Invalid, match=r"\(G7\)"):
        ask(w, extension_of=second, expires_on=day(29))
    assert Waiver.objects.get(pk=first.pk).expires_on == day(20)


def test_g06_what_cannot_be_waived_is_refused_with_the_rule(w: World) -> None:
    build.add(w, "rights", non_waivable=True)
    with build.on(GATE_DAY), pytest.raises(Incomplete, match=r"cannot be waived \(G6\)"):
        ask(w, criterion=w.criterion("rights"))


def test_a_refusal_needs_words_and_a_withdrawn_waiver_opens_go_again(w: World) -> None:
    with build.on(GATE_DAY):
        asked = ask(w)
        with pytest.raises(Invalid, match="Say why"):
            waivers.refuse_waiver(actor=w.person("rita"), waiver=asked, words=" ")
        with pytest.raises(Conflict):
            waivers.refuse_waiver(actor=w.person("rita"), waiver=asked, words="No", version=9)
        approved = waivers.approve_waiver(actor=w.person("rita"), waiver=asked)
        prove(w, "accuracy")
        open_round(w)
        with pytest.raises(Invalid, match="G4"):
            decided(w, go())
        waivers.withdraw_waiver(actor=w.person("mia"), waiver=approved)
        assert decided(w, go()).word == "go"


def condition_of(w: World) -> Condition:
    with build.on(GATE_DAY):
        prove(w, "accuracy")
        open_round(w)
        return decided(w, conditional()).conditions.get()


def test_g15_a_condition_is_proven_by_its_owner_and_closed_by_its_verifier(w: World) -> None:
    row = condition_of(w)
    with build.on(day(5)):
        with pytest.raises(NotAllowed):
            conditions.prove_condition(actor=w.person("pat"), condition=row, text="Done")
        with pytest.raises(Invalid, match="with evidence"):
            conditions.close_condition(actor=w.person("ivy"), condition=row)
        proven = conditions.prove_condition(actor=w.person("mia"), condition=row, text="1.6 points in each group")
        with pytest.raises(NotAllowed, match="G2"):
            conditions.close_condition(actor=w.person("mia"), condition=proven)
        back = conditions.send_condition_back(actor=w.person("ivy"), condition=proven, reason="Which model?")
        assert (back.state, back.state_reason) == ("open", "Which model?")
        conditions.prove_condition(actor=w.person("mia"), condition=row, text="Model 0.9.4")
        closed = conditions.close_condition(actor=w.person("ivy"), condition=row)
        assert conditions.close_condition(actor=w.person("ivy"), condition=row).pk == closed.pk
    assert (closed.state, closed.closed_by_id) == ("closed", w.person("ivy").pk)
    assert "condition-open" not in slugs(w, day(5))


def test_g15_overdue_is_red_at_once_and_after_seven_days_the_decision_lapses_to_hold(w: World) -> None:
    condition_of(w)
    assert "condition-open" in slugs(w, day(10))
    assert "condition-overdue" in slugs(w, day(11))
    assert load_ledger(w.program, day(16)).outcome(w.event("gate-30")) is Outcome.CONDITIONAL_GO
    assert load_ledger(w.program, day(17)).outcome(w.event("gate-30")) is Outcome.HOLD
    assert w.event("gate-30").outcome == "conditional-go"
    with build.on(day(17)):
        assert expire_due(w.program, day(17)) == 1
        assert expire_due(w.program, day(17)) == 0
    event = w.event("gate-30")
    assert (event.state, event.outcome) == ("pending", "hold")
    lapsed = Decision.objects.get(lapsed=True)
    assert (lapsed.decided_by_id, lapsed.supersedes_id) == (None, Decision.objects.get(lapsed=False).pk)


def test_g13_not_applicable_is_approved_by_the_risk_lead_and_stays_visible(w: World) -> None:
    with build.on(GATE_DAY):
        asked = tailoring.request_not_applicable(
            actor=w.person("mia"), criterion=w.criterion("accuracy"), reason="No model of our own"
        )
        with pytest.raises(NotAllowed):
            tailoring.answer_not_applicable(actor=w.person("mia"), request=asked, approve=True)
        with pytest.raises(Invalid, match="Say why"):
            tailoring.answer_not_applicable(actor=w.person("rita"), request=asked, approve=False)
        assert w.criterion("accuracy").applicable
        tailoring.answer_not_applicable(actor=w.person("rita"), request=asked, approve=True)
    criterion = w.criterion("accuracy")
    assert (criterion.applicable, criterion.not_applicable_reason) == (False, "No model of our own")
    found = reading(w, GATE_DAY)
    assert (found.not_applicable, [share.dimension for share in found.not_applicable_flags]) == (1, ["Model assurance"])


def test_g14_adding_is_free_weakening_waits_and_raising_a_limit_too(w: World) -> None:
    with build.on(GATE_DAY):
        made = tailoring.add_criterion(
            actor=w.person("pat"),
            event=w.event("gate-30"),
            text="The union was heard.",
            dimension_slug="assurance",
            level=Level.MUST,
            owner_role=w.role("business-owner"),
            verifier_role=w.role("independent-reviewer"),
            due_date=GATE_DAY,
            evidence_type="document",
            max_age_days=30,
            reason="The works council asked.",
        )
        asked = tailoring.propose_weakening(
            actor=w.person("pat"), criterion=made, kind=TailoringKind.LOWER, reason="Too late"
        )
        assert w.criterion(made.slug).level == "must"
        with pytest.raises(NotAllowed):
            tailoring.answer_tailoring(actor=w.person("pat"), change=asked, approve=True)
        tailoring.answer_tailoring(actor=w.person("rita"), change=asked, approve=True)
        raised = tailoring.propose_limit(
            actor=w.person("pat"), program=w.program, limit="max_holds", value=3, reason="A slow regulator"
        )
        assert w.program.limits["max_holds"] == 2
        tailoring.answer_tailoring(actor=w.person("rita"), change=raised, approve=True)
        tailoring.propose_limit(actor=w.person("pat"), program=w.program, limit="waiver_max_days", value=20, reason="x")
    assert w.criterion(made.slug).level == "should"
    assert (w.program.limits["max_holds"], w.program.limits["waiver_max_days"]) == (3, 20)


def test_g16_phase_two_work_before_gate_one_carries_the_badge_and_its_cost(w: World) -> None:
    late = dt.date(2026, 2, 20)
    found = work_at_risk(load_plan(w.program), load_ledger(w.program, late))
    assert [work.slug for work in found] == ["dashboards"]
    assert cost_at_risk(load_plan(w.program), load_ledger(w.program, late)) == found[0].days > 0
    prove(w, "accuracy")
    with build.on(GATE_DAY):
        open_round(w)
        decided(w, go())
    assert work_at_risk(load_plan(w.program), load_ledger(w.program, late)) == ()


def test_g17_an_exception_note_is_early_answered_and_may_call_the_gate_early(w: World) -> None:
    wanted = NoteInput("Cost", "Vendor price", "5 % over", "Cut or pay", "early-gate", day(10))
    with build.on(dt.date(2026, 1, 20)):
        made = between.raise_exception(actor=w.person("pat"), program=w.program, wanted=wanted, key="n1")
        assert between.raise_exception(actor=w.person("pat"), program=w.program, wanted=wanted, key="n1") == made
        with pytest.raises(NotAllowed):
            between.answer_exception(actor=w.person("pat"), exception=made, text="Pay")
        moved = between.call_early_gate(
            actor=w.person("pat"), event=w.event("gate-30"), new_date=dt.date(2026, 1, 27), reason="Cost"
        )
        with pytest.raises(Invalid, match="before the agreed date"):
            between.call_early_gate(actor=w.person("pat"), event=moved, new_date=dt.date(2026, 1, 28), reason="Cost")
    assert (made.early, moved.due_date) == (True, dt.date(2026, 1, 27))
    assert "tolerance-broken" in slugs(w, day(11))
    with build.on(day(11)):
        between.answer_exception(actor=w.person("sam"), exception=made, text="Pay")
    assert "tolerance-broken" not in slugs(w, day(11))


def launch(w: World, slug: str = "live") -> None:
    build.add(w, slug, "cp-75", launch_blocking=True)
    for proven in ("accuracy", "alerts", slug):
        prove(w, proven, dt.date(2026, 2, 1))
    for gate in ("gate-30", "gate-60"):
        with build.on(w.event(gate).due_date):
            open_round(w, gate)
            decided(w, go(), gate)


def step(w: World) -> Any:
    return rollout.plan_step(
        actor=w.person("pat"), program=w.program, name="One team", exposure="5 %", planned_date=dt.date(2026, 3, 23),
        entry_test="Errors under 1 %", exit_test="Two days under 1 %", halt_conditions=["Errors over 2 %"],
    )  # fmt: skip


def test_g18_nobody_is_exposed_before_clearance_and_a_halt_stops_at_once(w: World) -> None:
    launch(w)
    with build.on(dt.date(2026, 3, 20)):
        first = step(w)
        with pytest.raises(Invalid, match="No real user is exposed"):
            rollout.enter_step(actor=w.person("pat"), step=first, entry_number="0.4 %")
        open_round(w, "cp-75", heard=False)
        wanted = build.DecisionInput(word=Outcome.CLEAR_TO_LAUNCH, reason="All three lists are done.")
        with pytest.raises(NotAllowed, match="G2"):
            deciding.decide(actor=w.person("pat"), event=w.event("cp-75"), wanted=wanted)
        clearance = decided(w, wanted, "cp-75")
        rollout.enter_step(actor=w.person("pat"), step=first, entry_number="0.4 %")
        halted = rollout.halt_step(actor=w.person("max"), step=first, because="Errors over 2 %")
        assert (halted.state, halted.halted_by_id) == (StepState.HALTED, w.person("max").pk)
        with pytest.raises(Invalid, match="halted"):
            rollout.enter_step(actor=w.person("pat"), step=first, entry_number="0.4 %")
        again = build.DecisionInput(word=Outcome.CLEAR_TO_LAUNCH, reason="Cause found and mended.")
        deciding.supersede(actor=w.person("sam"), decision=clearance, wanted=again)
        rollout.enter_step(actor=w.person("pat"), step=first, entry_number="0.3 %")
        assert rollout.leave_step(actor=w.person("pat"), step=first, exit_number="0.2 %").state == StepState.LEFT


def test_g19_technical_evidence_without_a_version_does_not_count_at_the_gate(w: World) -> None:
    build.add(w, "bias", evidence_type="test-report")
    prove(w, "accuracy")
    prove(w, "bias", version="")
    with build.on(GATE_DAY):
        open_round(w)
        with pytest.raises(Invalid, match="bias"):
            decided(w, go())


def test_g21_a_mini_gate_reopens_its_short_list_and_takes_the_same_words(w: World) -> None:
    launch(w)
    with build.on(dt.date(2026, 3, 25)):
        event = between.call_mini_gate(
            actor=w.person("pat"), program=w.program, name="New model", trigger="Vendor model changed",
            on=dt.date(2026, 3, 26), criteria=[w.criterion("accuracy")],
        )  # fmt: skip
        assert w.criterion("accuracy").state == "open"
        open_round(w, event.slug)
        with pytest.raises(Invalid, match="not verified with fresh evidence: accuracy"):
            decided(w, go(), event.slug)
        prove(w, "accuracy", dt.date(2026, 3, 25))
        assert decided(w, go(), event.slug).word == "go"
    assert w.program.state == "active"


def test_g22_no_quorum_no_decision_and_a_named_alternate_speaks(w: World) -> None:
    prove(w, "accuracy")
    event = w.event("gate-30")
    with build.on(GATE_DAY):
        open_round(w, heard=False)
        hear(w)
        fay = w.role("finance-partner")
        from_fay = event.reviews.get().opinions.get(role=fay)
        from_fay.delete()
        with pytest.raises(Invalid, match=r"Finance partner has not given a view.*\(G22\)"):
            decided(w, go())
        with pytest.raises(NotAllowed):
            reviews.give_view(actor=w.person("max"), event=event, role=fay, view=View.SUPPORT)
        with pytest.raises(Invalid, match="G2"):
            reviews.name_alternate(
                actor=w.person("fay"), event=event, role=fay, person=w.person("pat"), reason="On leave"
            )
        reviews.name_alternate(actor=w.person("fay"), event=event, role=fay, person=w.person("max"), reason="On leave")
        given = reviews.give_view(actor=w.person("max"), event=event, role=fay, view=View.SUPPORT)
        assert given.given_as == "alternate"
        assert decided(w, go()).word == "go"


def test_g23_a_risk_above_tolerance_needs_a_date_first_and_a_signature_later(w: World) -> None:
    prove(w, "accuracy")
    prove(w, "alerts")
    found = build.risk(w)
    with build.on(GATE_DAY):
        open_round(w)
        with pytest.raises(Invalid, match=r"needs a date \(G23\)"):
            decided(w, go())
        risks.date_action(actor=w.person("mia"), action=found.actions.get(), due_date=day(20))
        decided(w, go())
    with build.on(dt.date(2026, 3, 5)):
        open_round(w, "gate-60")
        with pytest.raises(Invalid, match="no acceptance covers it"):
            decided(w, go(), "gate-60")
        with pytest.raises(Invalid, match="completed action"):
            risks.rescore(actor=w.person("mia"), risk=found, likelihood=1, impact=1, reason="Feels better")
        with pytest.raises(NotAllowed):
            risks.accept_risk(actor=w.person("rita"), risk=found, reason="Fine", expires_on=dt.date(2026, 4, 1))
        signed = risks.accept_risk(actor=w.person("sam"), risk=found, reason="Known", expires_on=dt.date(2026, 4, 1))
        assert decided(w, go(), "gate-60").word == "go"
    assert signed.score == 25
    assert "acceptance-expired" in slugs(w, dt.date(2026, 4, 2))
