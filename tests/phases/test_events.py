"""Outcomes of gates and checkpoints (G1, G2, G19, S15)."""

import datetime as dt

import pytest

from core.errors import Conflict, Invalid, NotAllowed
from phases import services
from phases.enums import Outcome
from phases.models import Event
from phases.services.events import why_not_go
from tests.factories import Built
from tests.phases.conftest import OnDay
from tests.phases.steps import prove, verbs, verified


def decide(built: Built, slug: str = "gate-30", **more) -> Event:
    """Record Go as the sponsor."""
    values = {"actor": built.sponsor, "event": built.events[slug], "outcome": Outcome.GO, "reason": "Proven."}
    return services.record_outcome(**{**values, **more})


@pytest.fixture
def checkpoint(built: Built) -> Event:
    """A checkpoint on day 15."""
    gate = built.events["gate-30"]
    return Event.objects.create(
        program=built.program,
        phase=gate.phase,
        slug="cp-15",
        kind="checkpoint",
        name="Assumption checkpoint",
        day=15,
        due_date=dt.date(2026, 1, 19),
        baseline_date=dt.date(2026, 1, 19),
    )


def test_g1_go_with_every_must_verified(built: Built) -> None:
    verified(built)
    done = decide(built)
    assert (done.outcome, done.decided_by, done.reason) == ("go", built.sponsor, "Proven.")
    assert verbs(done) == ["event.decided"]


def test_g1_go_is_closed_while_a_must_is_open(built: Built) -> None:
    prove(built)
    with pytest.raises(Invalid, match="Go is not open: 1 must-meet criterion is not verified"):
        decide(built)


def test_g19_go_is_closed_when_the_proof_has_grown_too_old(built: Built, on_day: OnDay) -> None:
    verified(built)
    on_day(80)  # the report describes day 10 and may be 60 days old
    assert why_not_go(built.events["gate-30"]) == ["1 must-meet criterion is not verified with fresh evidence."]
    with pytest.raises(Invalid, match="Go is not open"):
        decide(built)


def test_g1_what_does_not_apply_does_not_close_a_gate(built: Built) -> None:
    built.criteria["accuracy"].applicable = False
    built.criteria["accuracy"].save()
    assert decide(built).outcome == "go"


def test_g1_a_should_meet_does_not_close_a_gate(built: Built) -> None:
    verified(built)
    decide(built)
    assert decide(built, "gate-60").outcome == "go"


def test_g1_gates_go_in_order(built: Built) -> None:
    verified(built)
    with pytest.raises(Invalid, match=r"Gate 1 comes first and has no decision yet \(G1\)"):
        decide(built, "gate-60")


@pytest.mark.parametrize("who", ["pat", "dee", "mia", "ivy"])
def test_g2_only_the_sponsor_decides_a_gate(built: Built, who: str) -> None:
    verified(built)
    with pytest.raises(NotAllowed, match="Only the sponsor"):
        decide(built, actor=built.people[who])


def test_g2_a_manager_who_is_also_sponsor_cannot_decide(built: Built) -> None:
    verified(built)
    built.roles["sponsor"].holder = built.manager
    built.roles["sponsor"].save()
    with pytest.raises(NotAllowed, match="prepares a gate and cannot decide it"):
        decide(built, actor=built.manager)


def test_a_gate_takes_no_checkpoint_word(built: Built) -> None:
    with pytest.raises(Invalid) as caught:
        decide(built, outcome=Outcome.ON_TRACK)
    assert caught.value.field == "outcome"


def test_a_decision_needs_a_reason(built: Built) -> None:
    verified(built)
    with pytest.raises(Invalid) as caught:
        decide(built, reason=" ")
    assert caught.value.field == "reason"


def test_a_decision_is_made_once(built: Built) -> None:
    verified(built)
    decide(built)
    with pytest.raises(Invalid, match="Decided already: Go"):
        decide(built)


def test_p16_the_same_decision_sent_twice_is_one(built: Built) -> None:
    verified(built)
    for _ in range(2):
        decide(built, version=1)
    assert verbs(built.events["gate-30"]) == ["event.decided"]


def test_p16_a_gate_that_moved_meanwhile_is_a_conflict(built: Built) -> None:
    verified(built)
    services.redate_event(
        actor=built.manager, event=built.events["gate-30"], new_date=dt.date(2026, 2, 6), reason="Away."
    )
    with pytest.raises(Conflict):
        decide(built, version=1)


@pytest.mark.parametrize("word", [Outcome.ON_TRACK, Outcome.AT_RISK, Outcome.OFF_TRACK])
def test_s15_the_manager_records_a_checkpoint(built: Built, checkpoint: Event, word: Outcome) -> None:
    done = services.record_outcome(actor=built.manager, event=checkpoint, outcome=word, reason="As seen.")
    assert done.outcome == word


def test_s15_a_checkpoint_takes_no_go_and_no_sponsor(built: Built, checkpoint: Event) -> None:
    with pytest.raises(Invalid, match="on-track, at-risk, off-track"):
        services.record_outcome(actor=built.manager, event=checkpoint, outcome=Outcome.GO, reason="Yes.")
    with pytest.raises(NotAllowed):
        services.record_outcome(actor=built.sponsor, event=checkpoint, outcome=Outcome.ON_TRACK, reason="Yes.")
