"""Owner, program manager, administrator, executive viewer and stranger each try every act: refused with the reason."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from core.errors import NotAllowed
from gates.domain.exceptions import NoteInput
from gates.enums import Cause, TailoringKind, View
from gates.services import (
    between,
    conditions,
    deciding,
    declaring,
    ending,
    replanning,
    reviews,
    rollout,
    tailoring,
    waivers,
)
from phases.domain.status import Colour
from phases.enums import Level, Outcome
from risks import services as risks
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World

EVERYBODY = ("owner", "manager", "administrator", "executive", "stranger")
Act = Callable[[World, Any], object]


def who(w: World, name: str) -> Any:
    named = {"owner": w.person("mia"), "manager": w.person("pat")}
    return named.get(name) or getattr(w, name)


def waiver(w: World) -> Any:
    return waivers.request_waiver(
        actor=w.person("max"), criterion=w.criterion("accuracy"), reason="r", control="c", control_evidence="e",
        expires_on=GATE_DAY + dt.timedelta(days=9),
    )  # fmt: skip


def conditional(w: World) -> Any:
    build.prove(w, "accuracy")
    build.open_round(w)
    row = build.decided(w, build.conditional()).conditions.get()
    return conditions.prove_condition(actor=w.person("max"), condition=row, text="Done")


def live_step(w: World) -> Any:
    return rollout.plan_step(
        actor=w.person("pat"), program=w.program, name="n", exposure="e", planned_date=GATE_DAY, entry_test="x",
        exit_test="y", halt_conditions=["z"],
    )  # fmt: skip


def word(outcome: Outcome) -> build.DecisionInput:
    return build.DecisionInput(word=outcome, reason="As seen.")


NOTE = NoteInput("t", "c", "e", "o", "replan", GATE_DAY)
SOON = GATE_DAY + dt.timedelta(days=2)

# The act, and who of the five may do it.
ACTS: dict[str, tuple[Act, set[str]]] = {
    "hand a gate in": (lambda w, p: reviews.open_review(actor=p, event=w.event("gate-30")), {"manager"}),
    "give a view": (
        lambda w, p: reviews.give_view(
            actor=p, event=w.event("gate-30"), role=w.role("finance-partner"), view=View.SUPPORT
        ),
        set(),
    ),
    "name an alternate": (
        lambda w, p: reviews.name_alternate(
            actor=p, event=w.event("gate-30"), role=w.role("finance-partner"), person=w.person("max"), reason="Away"
        ),
        {"manager"},
    ),
    "decide go": (lambda w, p: deciding.decide(actor=p, event=w.event("gate-30"), wanted=build.go()), set()),
    "decide hold": (lambda w, p: deciding.decide(actor=p, event=w.event("gate-30"), wanted=build.hold()), set()),
    "stop": (lambda w, p: deciding.decide(actor=p, event=w.event("gate-30"), wanted=build.stop()), set()),
    "record a checkpoint": (
        lambda w, p: deciding.decide(actor=p, event=w.event("cp-75"), wanted=word(Outcome.ON_TRACK)),
        {"manager"},
    ),
    "close the program": (
        lambda w, p: ending.close_program(
            actor=p, program=w.program, reason="r", lessons="l", people_told="p", disposal="d"
        ),
        set(),
    ),
    "ask for a waiver": (
        lambda w, p: waivers.request_waiver(
            actor=p, criterion=w.criterion("accuracy"), reason="r", control="c", control_evidence="e", expires_on=SOON
        ),
        {"owner", "manager"},
    ),
    "approve a waiver": (lambda w, p: waivers.approve_waiver(actor=p, waiver=waiver(w)), set()),
    "refuse a waiver": (lambda w, p: waivers.refuse_waiver(actor=p, waiver=waiver(w), words="No"), set()),
    "withdraw a waiver": (lambda w, p: waivers.withdraw_waiver(actor=p, waiver=waiver(w)), {"manager"}),
    "prove a condition": (
        lambda w, p: conditions.prove_condition(actor=p, condition=conditional(w), text="More"),
        {"owner"},
    ),
    "close a condition": (lambda w, p: conditions.close_condition(actor=p, condition=conditional(w)), set()),
    "send a condition back": (
        lambda w, p: conditions.send_condition_back(actor=p, condition=conditional(w), reason="r"),
        set(),
    ),
    "ask for not applicable": (
        lambda w, p: tailoring.request_not_applicable(actor=p, criterion=w.criterion("accuracy"), reason="r"),
        {"owner", "manager"},
    ),
    "approve not applicable": (
        lambda w, p: tailoring.answer_not_applicable(
            actor=p,
            request=tailoring.request_not_applicable(
                actor=w.person("max"), criterion=w.criterion("accuracy"), reason="r"
            ),
            approve=True,
        ),
        set(),
    ),
    "add a criterion": (
        lambda w, p: tailoring.add_criterion(
            actor=p, event=w.event("gate-30"), text="t", dimension_slug="assurance", level=Level.MUST,
            owner_role=w.role("model-owner"), verifier_role=w.role("independent-reviewer"), due_date=GATE_DAY,
            evidence_type="document", max_age_days=9, reason="r",
        ),
        {"manager"},
    ),
    "weaken a criterion": (
        lambda w, p: tailoring.propose_weakening(
            actor=p, criterion=w.criterion("accuracy"), kind=TailoringKind.LOWER, reason="r"
        ),
        {"manager"},
    ),
    "approve a weakening": (
        lambda w, p: tailoring.answer_tailoring(
            actor=p,
            change=tailoring.propose_weakening(
                actor=w.person("dee"), criterion=w.criterion("accuracy"), kind=TailoringKind.LOWER, reason="r"
            ),
            approve=True,
        ),
        set(),
    ),
    "change a limit": (
        lambda w, p: tailoring.propose_limit(actor=p, program=w.program, limit="max_holds", value=1, reason="r"),
        {"manager"},
    ),
    "raise an exception": (
        lambda w, p: between.raise_exception(actor=p, program=w.program, wanted=NOTE),
        {"manager"},
    ),
    "answer an exception": (
        lambda w, p: between.answer_exception(
            actor=p,
            exception=between.raise_exception(actor=w.person("dee"), program=w.program, wanted=NOTE),
            text="Yes",
        ),
        set(),
    ),
    "reopen a criterion": (
        lambda w, p: between.reopen_criterion(actor=p, criterion=proven(w), reason="Re-check failed"),
        set(),
    ),
    "call a mini-gate": (
        lambda w, p: between.call_mini_gate(
            actor=p, program=w.program, name="n", trigger="t", on=SOON, criteria=[w.criterion("accuracy")]
        ),
        {"manager"},
    ),
    "set the small team": (
        lambda w, p: between.set_small_team(actor=p, program=w.program, small=True, reason="r"),
        set(),
    ),
    "plan a step": (
        lambda w, p: rollout.plan_step(
            actor=p, program=w.program, name="n", exposure="e", planned_date=SOON, entry_test="x", exit_test="y",
            halt_conditions=["z"],
        ),
        {"manager"},
    ),
    "declare a status": (
        lambda w, p: declaring.declare_status(actor=p, program=w.program, colour=Colour.GREY, reason="r"),
        {"manager"},
    ),
    "agree to a status": (
        lambda w, p: declaring.agree_status(
            actor=p,
            declared=declaring.declare_status(
                actor=w.person("dee"), program=w.program, colour=Colour.GREEN, reason="r", expires_on=SOON
            ),
        ),
        set(),
    ),
    "replan": (
        lambda w, p: replanning.replan(
            actor=p, event=w.event("gate-30"), new_date=dt.date(2026, 2, 10), cause=Cause.DATA, reason="r"
        ),
        {"manager"},
    ),
    "accept a risk": (
        lambda w, p: risks.accept_risk(actor=p, risk=build.risk(w), reason="r", expires_on=SOON),
        set(),
    ),
    "rescore a risk": (
        lambda w, p: risks.rescore(actor=p, risk=build.risk(w), likelihood=5, impact=5, reason="r"),
        {"owner"},
    ),
}  # fmt: skip


def proven(w: World) -> Any:
    build.prove(w, "accuracy")
    return w.criterion("accuracy")


@pytest.mark.parametrize("act", ACTS)
def test_g02_everybody_who_may_not_is_refused_with_the_reason(w: World, act: str) -> None:
    run, allowed = ACTS[act]
    with build.on(GATE_DAY):
        for name in EVERYBODY:
            if name in allowed:
                continue
            with pytest.raises(NotAllowed) as refusal:
                _fresh(run, w, who(w, name))
            assert all(reason.endswith((".", ")")) for reason in refusal.value.reasons)
            assert refusal.value.reasons
        for name in sorted(allowed):
            _fresh(run, w, who(w, name))


def _fresh(run: Act, w: World, person: Any) -> None:
    """Do the act inside a savepoint that is undone, so that each person meets the same program."""
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            run(w, person)
        finally:
            transaction.savepoint_rollback(point)
            for row in [*w.built.criteria.values(), *w.built.events.values()]:
                row.refresh_from_db()
