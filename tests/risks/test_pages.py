"""Pages of the risk register: order, tolerance in words, who scores and signs, forms that keep what was typed."""

import re
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from risks.models import MitigationAction, Risk, RiskAcceptance
from tests.factories import sign_in
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World


def to(w: World, name: str = "risk", *args: object) -> str:
    return reverse(name, args=[w.program.slug, "drift", *args])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def action(w: World) -> MitigationAction:
    return MitigationAction.objects.get(risk__program=w.program, risk__slug="drift")


def test_s55_worst_first_and_above_tolerance_is_said_in_words(w: World) -> None:
    build.risk(w, "small", likelihood=1, impact=2)
    build.risk(w, "drift")
    with build.on(GATE_DAY):
        shown = words(sign_in(w.person("pat")).get(reverse("risks", args=[w.program.slug])))
    assert shown.index("The drift comes true") < shown.index("The small comes true")
    assert "Tolerance: a current score of 12. 1 risk is above it; 1 of them nobody has accepted" in shown
    assert "above tolerance accepted by nobody" in shown
    assert "within tolerance" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_takes_the_same_queries_with_one_and_three_risks(
    w: World, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        build.risk(w, f"risk-{number}")
    client = sign_in(w.person("pat"))
    with django_assert_num_queries(10):
        client.get(reverse("risks", args=[w.program.slug]))


def test_owner_dates_and_finishes_an_action_then_lowers_the_score(w: World) -> None:
    risk = build.risk(w)
    client = sign_in(w.person("mia"))
    with build.on(GATE_DAY):
        lower = {"seen": 25, "likelihood": 2, "impact": 5, "reason": "The alarm works."}
        refused = client.post(to(w, "risk_rescore"), lower)
        assert refused.status_code == 422
        assert "completed action" in words(refused)
        assert "The alarm works." in refused.content.decode()
        dated = client.post(to(w, "risk_action_date", action(w).pk), {"due_date": "2026-03-01"})
        assert dated.headers["Location"] == to(w)
        assert str(action(w).due_date) == "2026-03-01"
        client.post(to(w, "risk_action_finish", action(w).pk), {"proof": "Alarm tested on 2 Feb"})
        assert action(w).proof == "Alarm tested on 2 Feb"
        assert client.post(to(w, "risk_rescore"), lower).status_code == 302
    risk.refresh_from_db()
    assert risk.current_score == 10


def test_what_is_missing_is_said_at_the_field_and_nothing_is_written(w: World) -> None:
    build.risk(w)
    client = sign_in(w.person("mia"))
    with build.on(GATE_DAY):
        past = client.post(to(w, "risk_action_date", action(w).pk), {"due_date": "2026-01-06"})
        empty = client.post(to(w, "risk_action_finish", action(w).pk), {"proof": " "})
    assert (past.status_code, empty.status_code) == (422, 422)
    assert "That day has passed" in words(past)
    assert "Say what shows that it is done." in words(empty)
    assert (action(w).due_date, action(w).done_at) == (None, None)


def test_g02_the_sponsor_signs_above_tolerance_and_the_risk_lead_does_not(w: World) -> None:
    build.risk(w)
    form = {"seen": 25, "reason": "The pilot is small.", "expires_on": "2026-03-01"}
    with build.on(GATE_DAY):
        refused = sign_in(w.person("rita")).post(to(w, "risk_accept"), form)
        assert refused.status_code == 403
        assert "Only Executive sponsor" in words(refused)
        done = sign_in(w.person("sam")).post(to(w, "risk_accept"), form, follow=True)
    assert "Accepted by" in words(done)
    assert RiskAcceptance.objects.get().accepted_by == w.person("sam")


def test_a_score_that_moved_meanwhile_is_a_conflict_with_both_sides(w: World) -> None:
    risk = build.risk(w)
    Risk.objects.filter(pk=risk.pk).update(current_likelihood=4)
    form = {"seen": 25, "reason": "The pilot is small.", "expires_on": "2026-03-01"}
    with build.on(GATE_DAY):
        lost = sign_in(w.person("sam")).post(to(w, "risk_accept"), form)
        again = sign_in(w.person("mia")).post(
            to(w, "risk_rescore"), {"seen": 25, "likelihood": 5, "impact": 5, "reason": "Worse."}
        )
    assert (lost.status_code, again.status_code) == (409, 409)
    assert "Current score 20" in words(lost)
    assert "The pilot is small." in words(lost)
    assert not RiskAcceptance.objects.exists()


@pytest.mark.parametrize("name", ["manager", "executive", "administrator"])
def test_others_read_and_change_nothing(w: World, name: str) -> None:
    build.risk(w)
    person = w.person("pat") if name == "manager" else getattr(w, name)
    client = sign_in(person)
    with build.on(GATE_DAY):
        assert client.get(to(w)).status_code == 200
        refused = client.post(to(w, "risk_rescore"), {"seen": 25, "likelihood": 1, "impact": 1, "reason": "x"})
        assert client.post(to(w, "risk_accept"), {}).status_code == 403
        assert client.post(to(w, "risk_action_finish", action(w).pk), {"proof": "x"}).status_code == 403
    assert refused.status_code == 403
    assert "risk lead may change this" in words(refused)


def test_strangers_find_nothing_and_a_risk_of_another_program_is_not_here(w: World) -> None:
    build.risk(w)
    other = build.world()
    build.risk(other, "elsewhere")
    stranger, mia = sign_in(w.stranger), sign_in(w.person("mia"))
    assert stranger.get(reverse("risks", args=[w.program.slug])).status_code == 404
    assert stranger.post(to(w, "risk_rescore"), {}).status_code == 404
    assert mia.get(reverse("risk", args=[w.program.slug, "elsewhere"])).status_code == 404
    theirs = MitigationAction.objects.get(risk__slug="elsewhere")
    assert mia.post(to(w, "risk_action_finish", theirs.pk), {"proof": "x"}).status_code == 404
