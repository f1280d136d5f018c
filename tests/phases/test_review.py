"""Hand in, verify, send back: always two people (G2, G19), never twice by accident (P16)."""

import pytest

from core.errors import Conflict, Invalid, NotAllowed
from phases import policies, services
from phases.enums import CriterionState
from phases.selectors import verifiers_for
from programs.selectors import cast_of
from tests.factories import Built, user
from tests.phases.steps import hand_in, prove, verbs, verified


def fresh(built: Built, slug: str = "accuracy"):
    """The criterion as the database has it."""
    found = built.criteria[slug]
    found.refresh_from_db()
    return found


def test_owner_hands_in_what_has_evidence(built: Built) -> None:
    prove(built)
    done = services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"])
    assert (done.state, done.handed_in_by) == (CriterionState.HANDED_IN, built.owner)
    assert verbs(done) == ["criterion.evidence_added", "criterion.handed_in"]


def test_deputy_hands_in_too(built: Built) -> None:
    prove(built)
    done = services.hand_in(actor=built.people["max"], criterion=built.criteria["accuracy"])
    assert done.handed_in_by == built.people["max"]


def test_g19_nothing_is_handed_in_without_evidence(built: Built) -> None:
    with pytest.raises(Invalid, match="Add evidence first"):
        services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"])
    assert fresh(built).state == CriterionState.OPEN


def test_g19_withdrawn_evidence_is_no_evidence(built: Built) -> None:
    services.withdraw_evidence(actor=built.owner, evidence=prove(built), reason="Wrong file")
    with pytest.raises(Invalid, match="Add evidence first"):
        services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"])


def test_what_does_not_apply_is_not_handed_in(built: Built) -> None:
    prove(built)
    built.criteria["accuracy"].applicable = False
    built.criteria["accuracy"].not_applicable_reason = "No model is trained."
    built.criteria["accuracy"].save()
    with pytest.raises(Invalid, match="No model is trained"):
        services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"])


@pytest.mark.parametrize("who", ["sam", "pat", "ivy"])
def test_nobody_hands_in_for_the_owner(built: Built, who: str) -> None:
    prove(built)
    with pytest.raises(NotAllowed, match=r"Only the owner \(Mia.Claims\)"):
        services.hand_in(actor=built.people[who], criterion=built.criteria["accuracy"])


def test_handing_in_twice_says_so(built: Built) -> None:
    hand_in(built)
    with pytest.raises(Invalid, match="already handed in"):
        services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"])


def test_p16_the_same_form_sent_twice_is_one_hand_in(built: Built) -> None:
    prove(built)
    seen = fresh(built).version
    services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"], version=seen)
    again = services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"], version=seen)
    assert again.version == seen + 1
    assert verbs(again).count("criterion.handed_in") == 1


def test_p16_a_form_drawn_before_a_change_is_a_conflict_with_what_is_there(built: Built) -> None:
    seen = fresh(built).version
    prove(built)
    with pytest.raises(Conflict) as caught:
        services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"], version=seen)
    assert caught.value.current == "Open, due Fri 30 Jan"


def test_verifier_accepts(built: Built) -> None:
    hand_in(built)
    done = services.verify(actor=built.verifier, criterion=built.criteria["accuracy"])
    assert (done.state, done.verified_by) == (CriterionState.VERIFIED, built.verifier)
    assert verbs(done)[-1] == "criterion.verified"


def test_g2_owner_cannot_verify(built: Built) -> None:
    hand_in(built)
    with pytest.raises(NotAllowed, match="somebody else has to verify it"):
        services.verify(actor=built.owner, criterion=built.criteria["accuracy"])


def test_g2_who_handed_in_cannot_verify(built: Built) -> None:
    built.roles["independent-reviewer"].holder = built.people["max"]  # the owner's deputy is the verifier
    built.roles["independent-reviewer"].save()
    prove(built)
    services.hand_in(actor=built.people["max"], criterion=built.criteria["accuracy"])
    with pytest.raises(NotAllowed, match="handed it in"):
        services.verify(actor=built.people["max"], criterion=built.criteria["accuracy"])


def test_g2_delegating_does_not_make_the_owner_a_verifier(built: Built) -> None:
    built.roles["independent-reviewer"].holder = built.owner
    built.roles["independent-reviewer"].save()
    services.delegate(actor=built.owner, item=built.criteria["accuracy"])
    prove_as_deputy = built.people["max"]
    services.add_evidence(
        actor=prove_as_deputy,
        criterion=built.criteria["accuracy"],
        kind="note",
        title="Note",
        note="Done.",
        effective_date=built.program.start_date,
    )
    services.hand_in(actor=prove_as_deputy, criterion=built.criteria["accuracy"])
    with pytest.raises(NotAllowed, match="G2"):
        services.verify(actor=built.owner, criterion=built.criteria["accuracy"])


def test_g2_the_owner_in_the_verifying_role_leaves_it_to_the_manager(built: Built) -> None:
    built.roles["independent-reviewer"].holder = built.owner
    built.roles["independent-reviewer"].save()
    hand_in(built)
    assert services.verify(actor=built.manager, criterion=built.criteria["accuracy"]).verified_by == built.manager


def test_g2_verifying_role_empty_and_manager_owner_leaves_it_to_the_sponsor(built: Built) -> None:
    role = built.roles["independent-reviewer"]
    role.holder, role.vacant_since = None, built.program.start_date
    role.save()
    found = verifiers_for(built.criteria["alerts"], cast_of(built.program))  # owner role vacant: the manager stands in
    assert found == (built.sponsor.pk,)


def test_g2_nobody_left_to_verify_is_said(built: Built) -> None:
    for slug in ("independent-reviewer", "sponsor"):
        role = built.roles[slug]
        role.holder, role.vacant_since = None, built.program.start_date
        role.save()
    decision = policies.may_verify(built.sponsor, built.criteria["alerts"], cast_of(built.program))
    assert decision.reason.startswith("Nobody can verify this yet")


def test_g2_a_deactivated_verifier_does_not_count(built: Built) -> None:
    built.verifier.is_active = False
    built.verifier.save()
    assert verifiers_for(built.criteria["accuracy"], cast_of(built.program)) == (built.manager.pk,)


@pytest.mark.parametrize("who", ["sam", "pat", "max"])
def test_others_cannot_verify(built: Built, who: str) -> None:
    hand_in(built)
    with pytest.raises(NotAllowed, match=r"Only the verifier \(Ivy.Claims\)"):
        services.verify(actor=built.people[who], criterion=built.criteria["accuracy"])


def test_an_administrator_is_no_verifier(built: Built) -> None:
    hand_in(built)
    with pytest.raises(NotAllowed):
        services.verify(actor=user(is_administrator=True), criterion=built.criteria["accuracy"])


def test_nothing_to_verify_before_it_is_handed_in(built: Built) -> None:
    prove(built)
    with pytest.raises(Invalid, match="Nothing is waiting"):
        services.verify(actor=built.verifier, criterion=built.criteria["accuracy"])


def test_p16_verifying_twice_is_one(built: Built) -> None:
    seen = hand_in(built).version
    for _ in range(2):
        services.verify(actor=built.verifier, criterion=built.criteria["accuracy"], version=seen)
    assert verbs(fresh(built)).count("criterion.verified") == 1


def test_verifier_sends_back_with_a_reason(built: Built) -> None:
    hand_in(built)
    done = services.send_back(actor=built.verifier, criterion=built.criteria["accuracy"], reason=" Sample too small. ")
    assert (done.state, done.state_reason) == (CriterionState.SENT_BACK, "Sample too small.")


def test_handing_in_again_clears_the_reason(built: Built) -> None:
    hand_in(built)
    services.send_back(actor=built.verifier, criterion=built.criteria["accuracy"], reason="Too small")
    done = services.hand_in(actor=built.owner, criterion=built.criteria["accuracy"])
    assert (done.state, done.state_reason) == (CriterionState.HANDED_IN, "")


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_sending_back_needs_a_reason(built: Built, reason: str) -> None:
    hand_in(built)
    with pytest.raises(Invalid) as caught:
        services.send_back(actor=built.verifier, criterion=built.criteria["accuracy"], reason=reason)
    assert caught.value.field == "reason"
    assert fresh(built).state == CriterionState.HANDED_IN


def test_g2_owner_cannot_send_back(built: Built) -> None:
    hand_in(built)
    with pytest.raises(NotAllowed):
        services.send_back(actor=built.owner, criterion=built.criteria["accuracy"], reason="No")


def test_a_paused_program_stands_still(built: Built) -> None:
    hand_in(built)
    built.program.state = "paused"
    built.program.save()
    with pytest.raises(NotAllowed, match="paused"):
        services.verify(actor=built.verifier, criterion=built.criteria["accuracy"])


def test_new_evidence_reopens_what_was_verified(built: Built) -> None:
    verified(built)
    prove(built, title="A newer report")
    found = fresh(built)
    assert (found.state, found.verified_by, found.handed_in_by) == (CriterionState.OPEN, None, None)


def test_withdrawn_evidence_reopens_what_was_verified(built: Built) -> None:
    verified(built)
    services.withdraw_evidence(actor=built.owner, evidence=built.criteria["accuracy"].evidence.get(), reason="Wrong")
    assert fresh(built).state == CriterionState.OPEN


def test_new_evidence_keeps_why_it_was_sent_back(built: Built) -> None:
    hand_in(built)
    services.send_back(actor=built.verifier, criterion=built.criteria["accuracy"], reason="Too small")
    prove(built, title="Larger sample")
    assert (fresh(built).state, fresh(built).state_reason) == (CriterionState.SENT_BACK, "Too small")
