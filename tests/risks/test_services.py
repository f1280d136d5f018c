"""Writes of the register: history, lowering, raising by rule, reviews, closing; who may, and what is refused."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from gates.selectors.facts import risk_facts
from gates.selectors.ledger import load_ledger
from metrics.models import Metric
from phases.selectors import load_plan
from programs.models import Program
from risks import services
from risks.enums import Response
from risks.models import MitigationAction, Risk, RiskAcceptance, RiskScore
from risks.services import RiskFacts
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World

FEBRUARY = dt.date(2026, 2, 20)


def facts(w: World, **fields: Any) -> RiskFacts:
    path = Risk.objects.filter(program=w.program).first() or build.risk(w, "first")
    values = {
        "cause": "the supplier changes the model", "event": "Answers change overnight", "impact": "cases go wrong",
        "category": "legal", "response": Response.MITIGATE, "owner_role": w.role("model-owner"), "path": path.path,
    }  # fmt: skip
    return RiskFacts(**{**values, **fields})


def finished(w: World, risk: Risk, name: str = "Watch it", by: str = "mia") -> MitigationAction:
    action = services.add_action(
        actor=w.person("mia"), risk=risk, text=name, owner_role=w.role("model-owner"), due_date=FEBRUARY
    )
    return services.finish_action(actor=w.person(by), action=action, proof=f"{name}: report 7")


def lower(w: World, risk: Risk, action: MitigationAction | None, to: tuple[int, int], by: str = "rita") -> Risk:
    return services.rescore(
        actor=w.person(by), risk=risk, likelihood=to[0], impact=to[1], reason="It works",
        action_id=action.pk if action else None,
    )  # fmt: skip


# ------------------------------------------------------------------ scores


def test_g23_each_change_keeps_old_new_scale_reason_and_what_it_rests_on(w: World) -> None:
    risk = build.risk(w)
    with build.on(GATE_DAY):
        action = finished(w, risk)
        lower(w, risk, action, (2, 5))
    row = RiskScore.objects.get()
    assert (row.before_likelihood, row.before_impact, row.likelihood, row.impact) == (5, 5, 2, 5)
    assert (row.reason, row.scored_by, row.action, row.self_verified) == ("It works", w.person("rita"), action, False)
    assert row.scale["bands"]["critical"] == [15, 25]
    assert row.scale["default_tolerance"] == 12
    entry = Entry.objects.get(verb="risk.rescored")
    assert (entry.data["score_before"], entry.data["score_after"], entry.data["action"]) == (25, 10, action.pk)


def test_g23_one_action_or_a_store_of_them_never_pays_twice(w: World) -> None:
    risk = build.risk(w)
    with build.on(GATE_DAY):
        first, second = finished(w, risk, "One"), finished(w, risk, "Two")
        lower(w, risk, first, (4, 5))
    with build.on(GATE_DAY + dt.timedelta(days=1)):
        for spent in (first, second):
            with pytest.raises(Invalid, match="last lowered"):
                lower(w, risk, spent, (3, 5))
        services.rescore(actor=w.person("mia"), risk=risk, likelihood=5, impact=5, reason="It came back")
        with pytest.raises(Invalid, match="last lowered"):
            lower(w, risk, first, (3, 5))
        lower(w, risk, finished(w, risk, "Three"), (3, 5))
    assert [(row.before, row.score) for row in RiskScore.objects.all()] == [(25, 20), (20, 25), (25, 15)]


def test_g23_an_action_of_another_risk_is_no_reason(w: World) -> None:
    risk, other = build.risk(w), build.risk(w, "other")
    with build.on(GATE_DAY):
        foreign = finished(w, other)
        with pytest.raises(Invalid, match="completed action"):
            lower(w, risk, foreign, (1, 1))


def test_g02_a_small_team_may_lower_what_it_finished_and_the_history_says_so(w: World) -> None:
    risk = build.risk(w)
    with build.on(GATE_DAY):
        action = finished(w, risk)
        with pytest.raises(Invalid, match="somebody else"):
            lower(w, risk, action, (2, 5), by="mia")
        Program.objects.filter(pk=w.program.pk).update(small_team=True)
        lower(w, risk, action, (2, 5), by="mia")
    assert RiskScore.objects.get().self_verified


def test_the_database_refuses_a_lower_score_without_action_and_to_rewrite_history(w: World) -> None:
    risk = build.risk(w)
    with build.on(GATE_DAY):
        lower(w, risk, finished(w, risk), (4, 5))
    row = RiskScore.objects.get()
    values = {"risk": risk, "scale": {}, "reason": "x", "scored_at": row.scored_at}
    bare = RiskScore(**values, before_likelihood=4, before_impact=5, likelihood=3, impact=5)
    twice = RiskScore(**values, before_likelihood=4, before_impact=5, likelihood=3, impact=5, action=row.action)
    for refused in (bare, twice):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        RiskScore.objects.update(reason="Nicer")
    with pytest.raises(DatabaseError), transaction.atomic():
        RiskScore.objects.all().delete()


def test_raising_a_score_needs_no_action_and_brings_the_review_forward(w: World) -> None:
    risk = build.risk(w, likelihood=1, impact=2)
    Risk.objects.update(review_on=dt.date(2026, 6, 1))
    with build.on(GATE_DAY):
        services.rescore(actor=w.person("mia"), risk=risk, likelihood=5, impact=4, reason="Seen twice", version=1)
        again = services.rescore(actor=w.person("mia"), risk=risk, likelihood=5, impact=4, reason="Twice", version=1)
        with pytest.raises(Conflict):
            services.rescore(actor=w.person("mia"), risk=risk, likelihood=5, impact=5, reason="More", version=1)
        with pytest.raises(Invalid, match="from 1 to 5"):
            services.rescore(actor=w.person("mia"), risk=risk, likelihood=6, impact=5, reason="More")
    assert again.review_on == GATE_DAY + dt.timedelta(days=7)
    assert RiskScore.objects.count() == 1


# ------------------------------------------------------------------ adding, changing


def test_everybody_with_a_role_adds_a_risk_once_per_form(w: World) -> None:
    told = facts(w, target_likelihood=2, target_impact=3)
    values = {"program": w.program, "facts": told, "likelihood": 4, "impact": 4, "raise_from_phase": "phase-1"}
    with build.on(GATE_DAY):
        made = services.add_risk(actor=w.person("ivy"), **values, key="k1")
        assert services.add_risk(actor=w.person("ivy"), **values, key="k1") == made
        other = services.add_risk(actor=w.person("ivy"), **values)
        with pytest.raises(NotAllowed):
            services.add_risk(actor=w.stranger, **values)
        with pytest.raises(Invalid, match="from 1 to 5"):
            services.add_risk(actor=w.person("ivy"), **{**values, "impact": 0})
    assert (made.slug, other.slug) == ("own-1", "own-2")
    assert (made.inherent_score, made.current_score, made.target_score) == (16, 16, 6)
    assert made.review_on == GATE_DAY + dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"event": " "}, "event"),
        ({"cause": "x" * 1001}, "cause"),
        ({"target_likelihood": 3}, "target_likelihood"),
        ({"target_likelihood": 3, "target_impact": 6}, "target_likelihood"),
    ],
)
def test_what_cannot_be_a_risk_is_said_at_the_field(w: World, fields: dict[str, Any], field: str) -> None:
    told = facts(w, **fields)
    with pytest.raises(Invalid) as refused:
        services.add_risk(
            actor=w.person("pat"), program=w.program, facts=told, likelihood=1, impact=1, raise_from_phase="phase-1"
        )
    assert refused.value.field == field


def test_nothing_of_another_program_gets_in(w: World) -> None:
    other = build.world()
    theirs = facts(other)
    risk = build.risk(w)
    for told in (facts(w, owner_role=theirs.owner_role), facts(w, path=theirs.path)):
        with pytest.raises(Invalid, match="of this program"):
            services.change_risk(actor=w.person("pat"), risk=risk, facts=told)
    metric = Metric.objects.create(
        program=other.program, slug="m", name="M", category="c", unit="u", direction="higher", frequency="daily",
        source="s", owner_role=theirs.owner_role, why="w",
    )  # fmt: skip
    with pytest.raises(Invalid, match="metric of this program"):
        services.add_sign(actor=w.person("pat"), risk=risk, text="Drops", metric=metric)


def test_a_change_keeps_both_values_on_record_and_a_lost_race_is_a_conflict(w: World) -> None:
    risk = build.risk(w)
    told = facts(w, response=Response.TRANSFER)
    services.change_risk(actor=w.person("pat"), risk=risk, facts=told, version=1)
    assert services.change_risk(actor=w.person("pat"), risk=risk, facts=told, version=1).version == 2
    with pytest.raises(Conflict):
        services.change_risk(actor=w.person("mia"), risk=risk, facts=facts(w, cause="other"), version=1)
    entry = Entry.objects.get(verb="risk.changed")
    assert entry.data["changed"]["response"] == ["mitigate", "transfer"]


# ------------------------------------------------------------------ actions


def test_s58_an_action_is_planned_changed_and_finished_once(w: World) -> None:
    risk = build.risk(w)
    who, owner = w.person("pat"), w.role("independent-reviewer")
    with build.on(GATE_DAY):
        values = {"actor": who, "risk": risk, "text": "Test it", "owner_role": owner, "due_date": FEBRUARY}
        made = services.add_action(**values, key="k")
        assert services.add_action(**values, key="k") == made
        later = FEBRUARY + dt.timedelta(days=3)
        changed = services.change_action(
            actor=who, action=made, text="Test it", owner_role=owner, due_date=later, version=1
        )
        assert (changed.due_date, changed.version) == (later, 2)
        with pytest.raises(Conflict):
            services.change_action(actor=who, action=made, text="Else", owner_role=owner, due_date=later, version=1)
        with pytest.raises(NotAllowed):
            services.finish_action(actor=w.person("fay"), action=made, proof="Seen")
        done = services.finish_action(actor=w.person("ivy"), action=made, proof="Seen")
        assert services.finish_action(actor=w.person("ivy"), action=made, proof="Other words").proof == "Seen"
        with pytest.raises(Invalid, match="finished"):
            services.change_action(actor=who, action=made, text="Nicer", owner_role=owner, due_date=later)
    assert done.done_by == w.person("ivy")


# ------------------------------------------------------------------ review, closing


def test_s57_a_review_sets_the_next_date_by_the_band_and_never_later(w: World) -> None:
    risk = build.risk(w, likelihood=2, impact=3)
    with build.on(GATE_DAY):
        seen = services.review_risk(actor=w.person("pat"), risk=risk, note="Quiet", version=1)
        assert (seen.review_on, seen.reviewed_by) == (GATE_DAY + dt.timedelta(days=30), w.person("pat"))
        sooner = GATE_DAY + dt.timedelta(days=5)
        assert services.review_risk(actor=w.person("mia"), risk=risk, note="Hm", next_on=sooner).review_on == sooner
        for wrong in (GATE_DAY, GATE_DAY + dt.timedelta(days=31)):
            with pytest.raises(Invalid, match="its score asks"):
                services.review_risk(actor=w.person("mia"), risk=risk, note="Hm", next_on=wrong)
        with pytest.raises(Conflict):
            services.review_risk(actor=w.person("mia"), risk=risk, note="Hm", version=1)
        with pytest.raises(NotAllowed):
            services.review_risk(actor=w.person("ivy"), risk=risk, note="Hm")


def test_g23_closing_is_no_way_round_a_gate(w: World) -> None:
    high, low = build.risk(w), build.risk(w, "low", likelihood=1, impact=3)
    with build.on(GATE_DAY):
        services.accept_risk(actor=w.person("sam"), risk=high, reason="Known", expires_on=FEBRUARY)
        for risk, name in ((high, "mia"), (high, "rita"), (high, "pat"), (low, "mia"), (low, "pat")):
            with pytest.raises(NotAllowed):
                services.close_risk(actor=w.person(name), risk=risk, reason="Over")
        closed = services.close_risk(actor=w.person("sam"), risk=high, reason="The vendor left", version=1)
        assert services.close_risk(actor=w.person("sam"), risk=high, reason="Again", version=1).version == 2
        services.close_risk(actor=w.person("rita"), risk=low, reason="Over")
        for act in _writes_on(w, closed):
            with pytest.raises(Invalid, match="closed"):
                act()
        back = services.reopen_risk(actor=w.person("mia"), risk=closed, reason="It is back")
    assert (back.closed_at, back.closed_because, back.current_score) == (None, "", 25)
    assert RiskAcceptance.objects.get().ended_because == "The risk was closed."


def _writes_on(w: World, risk: Risk) -> list[Callable[[], object]]:
    mia, role = w.person("mia"), w.role("model-owner")
    step = risk.actions.get()
    return [
        lambda: services.rescore(actor=mia, risk=risk, likelihood=1, impact=1, reason="x"),
        lambda: services.review_risk(actor=mia, risk=risk, note="x"),
        lambda: services.change_risk(actor=mia, risk=risk, facts=facts(w)),
        lambda: services.add_action(actor=mia, risk=risk, text="x", owner_role=role, due_date=FEBRUARY),
        lambda: services.date_action(actor=mia, action=step, due_date=FEBRUARY),
        lambda: services.finish_action(actor=mia, action=step, proof="x"),
        lambda: services.add_sign(actor=mia, risk=risk, text="x"),
        lambda: services.accept_risk(actor=w.person("sam"), risk=risk, reason="x", expires_on=FEBRUARY),
        lambda: services.raise_risk(actor=mia, program=w.program, slug=risk.slug, reason="x"),
    ]


# ------------------------------------------------------------------ raising


def test_s29_the_system_raises_a_risk_once_whatever_people_make_of_it(w: World) -> None:
    risk = build.risk(w, "r-weak-anchor")
    reason = "No signed problem statement by day 10."
    with build.on(GATE_DAY):
        raised = services.raise_risk(program=w.program, slug="r-weak-anchor", reason=reason)
        again = services.raise_risk(program=w.program, slug="r-weak-anchor", reason=reason)
        assert raised == again == risk
        assert again is not None
        assert (again.raised_because, again.review_on) == (reason, GATE_DAY)
        services.close_risk(actor=w.person("sam"), risk=risk, reason="Signed today")
        services.raise_risk(program=w.program, slug="r-weak-anchor", reason=reason)
    risk.refresh_from_db()
    assert risk.closed_at is not None
    entry = Entry.objects.get(verb="risk.raised")
    assert (entry.actor_id, entry.data["reason"]) == (None, reason)
    assert services.raise_risk(program=w.program, slug="r-none", reason=reason) is None


def test_s29_the_rule_opens_a_closed_risk_again(w: World) -> None:
    risk = build.risk(w, "r-weak-anchor", likelihood=1, impact=1)
    services.close_risk(actor=w.person("rita"), risk=risk, reason="Not ours")
    services.raise_risk(program=w.program, slug="r-weak-anchor", reason="No statement")
    risk.refresh_from_db()
    assert risk.closed_at is None


def test_s89_a_risk_of_a_later_phase_counts_from_its_day_or_once_raised(w: World) -> None:
    risk = build.risk(w)
    Risk.objects.update(raise_from_phase="phase-2")

    def counted(day: dt.date, event: str = "") -> list[str]:
        plan, ledger = load_plan(w.program), load_ledger(w.program, day)
        return [fact.slug for fact in risk_facts(plan, ledger, w.event(event) if event else None)]

    assert counted(GATE_DAY) == []
    assert counted(GATE_DAY, "gate-30") == []
    assert counted(GATE_DAY, "gate-60") == ["drift"]
    assert counted(dt.date(2026, 2, 4)) == ["drift"]
    with build.on(GATE_DAY):
        with pytest.raises(NotAllowed):
            services.raise_risk(actor=w.person("ivy"), program=w.program, slug="drift", reason="It is here")
        services.raise_risk(actor=w.person("mia"), program=w.program, slug=risk.slug, reason="It is here")
    assert counted(GATE_DAY) == ["drift"]
    assert counted(GATE_DAY, "gate-30") == ["drift"]
