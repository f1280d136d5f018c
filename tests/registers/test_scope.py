"""Scope changes: asked with their effect, decided by the sponsor and never by who asked (S16, G2)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from programs.models import OutcomeStatement
from registers import services
from registers.models import ScopeChange
from registers.services.scope import ScopeEffect
from tests.registers.world import NOW, World


def last() -> Entry:
    return Entry.objects.latest("id")


def test_s16_a_request_says_what_why_and_what_it_does(w: World) -> None:
    row = w.scope()
    assert (row.number, row.state, row.effect_days, row.effect_cost) == (1, "requested", 5, Decimal(4000))
    assert (row.logged_by, row.outcome_before) == (w.owner, w.outcome)
    assert (last().verb, last().data["days"], last().data["cost"]) == ("scope.requested", 5, "4000")


@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_s16_who_has_no_role_asks_for_nothing(w: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        w.scope(getattr(w, who))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", {"what": " "}),
        ("reason", {"why": ""}),
        ("effect_outcome", {"effect": ScopeEffect(outcome="")}),
        ("effect_days", {"effect": ScopeEffect(outcome="x", days=1001)}),
        ("effect_cost", {"effect": ScopeEffect(outcome="x", cost=Decimal(10) ** 12)}),
        ("new_target", {"effect": ScopeEffect(outcome="x", new_target=Decimal(10) ** 14)}),
    ],
)
def test_s16_wrong_requests_are_refused_at_their_field(w: World, field: str, values: dict[str, object]) -> None:
    given = {"what": "More", "why": "Because", "effect": ScopeEffect(outcome="None")}
    with pytest.raises(Invalid) as refusal:
        services.request_scope(actor=w.owner, program=w.program, **{**given, **values})  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_s16_a_new_target_needs_an_outcome_statement(w: World) -> None:
    w.outcome.delete()
    with pytest.raises(Invalid) as refusal:
        w.scope(new_target=Decimal(6))
    assert refusal.value.field == "new_target"


@pytest.mark.parametrize(("act", "state"), [("approve_scope", "approved"), ("refuse_scope", "refused")])
def test_s16_the_sponsor_answers_with_a_reason(w: World, act: str, state: str) -> None:
    row = getattr(services, act)(actor=w.sponsor, change=w.scope(), reason="Worth it.", version=1)
    assert (row.state, row.decided_by, row.decided_at, row.decision_reason) == (state, w.sponsor, NOW, "Worth it.")
    assert (last().verb, last().data["reason"]) == (f"scope.{state}", "Worth it.")


@pytest.mark.parametrize("act", ["approve_scope", "refuse_scope"])
def test_s16_no_answer_without_a_reason(w: World, act: str) -> None:
    with pytest.raises(Invalid) as refusal:
        getattr(services, act)(actor=w.sponsor, change=w.scope(), reason=" ")
    assert refusal.value.field == "reason"


@pytest.mark.parametrize("who", ["manager", "owner", "verifier", "viewer", "stranger", "admin"])
def test_s16_nobody_but_the_sponsor_answers(w: World, who: str) -> None:
    row = w.scope(w.people["max"])
    with pytest.raises(NotAllowed):
        services.approve_scope(actor=getattr(w, who), change=row, reason="Worth it.")


def test_g2_who_asks_never_answers_be_it_the_sponsor(w: World) -> None:
    row = w.scope(w.sponsor)
    with pytest.raises(NotAllowed, match="somebody else"):
        services.approve_scope(actor=w.sponsor, change=row, reason="Worth it.")
    w.roles["sponsor"].deputy = w.verifier
    w.roles["sponsor"].save()
    assert services.approve_scope(actor=w.verifier, change=row, reason="Worth it.").state == "approved"


def test_g2_a_manager_who_deputises_for_the_sponsor_does_not_answer(w: World) -> None:
    w.roles["sponsor"].deputy = w.manager
    w.roles["sponsor"].save()
    with pytest.raises(NotAllowed, match="program manager prepares"):
        services.approve_scope(actor=w.manager, change=w.scope(), reason="Worth it.")


def test_g2_the_database_refuses_an_answer_by_who_asked(w: World) -> None:
    row = w.scope(w.sponsor)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScopeChange.objects.filter(pk=row.pk).update(
            state="approved", decided_by=w.sponsor, decided_at=NOW, decision_reason="Mine."
        )


def test_s16_an_approved_new_target_is_a_new_version_of_the_outcome(w: World) -> None:
    row = w.scope(new_target=Decimal(6), new_target_date=dt.date(2026, 7, 31))
    row = services.approve_scope(actor=w.sponsor, change=row, reason="Worth it.")
    after = row.outcome_after
    assert after is not None
    assert (after.number, after.target, after.target_date) == (2, Decimal(6), dt.date(2026, 7, 31))
    assert (after.measure, after.unit, after.baseline) == ("Handling time", "minutes", Decimal(12))
    w.outcome.refresh_from_db()
    assert w.outcome.target == Decimal(5)  # the old version stays as it was
    assert after.scope_change == row


def test_s16_without_a_new_target_or_when_refused_the_outcome_stays(w: World) -> None:
    services.approve_scope(actor=w.sponsor, change=w.scope(), reason="Worth it.")
    services.refuse_scope(actor=w.sponsor, change=w.scope(new_target=Decimal(6)), reason="No.")
    assert OutcomeStatement.objects.filter(program=w.program).count() == 1


def test_s16_an_answer_is_final(w: World) -> None:
    row = services.refuse_scope(actor=w.sponsor, change=w.scope(), reason="No.")
    with pytest.raises(Invalid, match="refused already"):
        services.approve_scope(actor=w.sponsor, change=row, reason="Yes.")
    with pytest.raises(Invalid, match="refused already"):
        services.withdraw_scope(actor=w.owner, change=row, reason="Never mind.")


def test_p16_the_same_answer_twice_is_one_and_another_a_conflict(w: World) -> None:
    row = w.scope()
    services.refuse_scope(actor=w.sponsor, change=row, reason="No.", version=1)
    assert services.refuse_scope(actor=w.sponsor, change=row, reason="No.", version=1).version == 2
    with pytest.raises(Conflict) as lost:
        services.approve_scope(actor=w.sponsor, change=row, reason="Yes.", version=1)
    assert "Refused" in lost.value.current
    assert Entry.objects.filter(verb="scope.refused").count() == 1


def test_s16_only_who_asked_takes_it_back(w: World) -> None:
    row = w.scope(w.owner)
    with pytest.raises(NotAllowed, match="Only"):
        services.withdraw_scope(actor=w.manager, change=row, reason="Never mind.")
    assert services.withdraw_scope(actor=w.owner, change=row, reason="Never mind.").state == "withdrawn"


def test_p16_a_request_sent_twice_is_one(w: World) -> None:
    effect = ScopeEffect(outcome="None")
    made = [
        services.request_scope(actor=w.owner, program=w.program, what="More", why="So", effect=effect, key="k")
        for _ in range(2)
    ]
    assert made[0].pk == made[1].pk
