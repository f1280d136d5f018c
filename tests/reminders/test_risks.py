"""Mitigation actions and risk reviews are reminded of, and fall silent in the transaction that settles them (S57)."""

import datetime as dt

import pytest

from reminders.domain.facts import RiskFacts
from reminders.domain.gone import why_gone
from reminders.domain.planner import plan
from reminders.domain.wording import headline
from reminders.enums import Kind, RuleSlug, State
from reminders.models import Delivery
from reminders.services import copy_default_rules, tick
from reminders.services.lookups import Lookups
from risks import services
from risks.models import MitigationAction, Risk
from tests.gates import world as build
from tests.gates.world import GATE_DAY, World, on
from tests.reminders.facts import CALENDAR, DEPUTY, OWNER, RULES, item, program, sent

START, END = dt.datetime(2026, 10, 1, tzinfo=dt.UTC), dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
DUE = dt.date(2026, 11, 18)  # a Wednesday
RISK = RiskFacts(9, "drift", "Risk: drift", DUE, "model-owner")


def test_s57_a_review_is_told_ahead_on_the_day_and_at_most_five_times_after_it() -> None:
    found = plan(program(risks=(RISK,)), RULES, START, END)
    assert [(i.rule, i.occurrence, i.planned_on.isoformat(), i.user_id) for i in found] == [
        (RuleSlug.RISK_REVIEW, "T-1", "2026-11-17", OWNER),
        (RuleSlug.RISK_REVIEW, "T0", "2026-11-18", OWNER),
        (RuleSlug.RISK_REVIEW, "+1", "2026-11-19", OWNER),
        (RuleSlug.RISK_REVIEW, "+3", "2026-11-23", OWNER),
        (RuleSlug.RISK_REVIEW, "+5", "2026-11-25", OWNER),
        (RuleSlug.RISK_REVIEW, "+7", "2026-11-27", OWNER),
        (RuleSlug.RISK_REVIEW, "+9", "2026-12-01", OWNER),
    ]
    assert headline(RuleSlug.RISK_REVIEW, DUE, DUE, CALENDAR) == "Risk review today"
    assert why_gone(program(risks=(RISK,)), Kind.RISK, 9, OWNER, DUE - dt.timedelta(days=1)).startswith(
        "The date moved"
    )


def test_s58_an_overdue_action_climbs_the_ladder_like_every_item() -> None:
    past = [sent(DUE, dt.date(2026, 11, 19), kind=Kind.ACTION)]
    found = plan(program(item(DUE, kind=Kind.ACTION), past=past), RULES, START, END)
    assert (RuleSlug.ESCALATION, "deputy", DEPUTY) in [(i.rule, i.occurrence, i.user_id) for i in found]


@pytest.fixture
def w(db: None) -> World:
    """A program with the default rules and one dated action of the model owner, due in two working days."""
    made = build.world()
    copy_default_rules(made.program)
    build.risk(made)
    MitigationAction.objects.update(due_date=GATE_DAY + dt.timedelta(days=1))
    Risk.objects.update(review_on=GATE_DAY + dt.timedelta(days=1))
    return made


def about(kind: Kind, state: State = State.QUEUED) -> set[str]:
    """First names of those whom a reminder of this kind is for."""
    rows = Delivery.objects.filter(item_kind=kind, state=state).select_related("user")
    return {row.user.email.split(".")[0] for row in rows}


def still() -> set[str]:
    """Why what waits would not leave: the last look before sending."""
    rows = list(Delivery.objects.filter(item_kind__in=[Kind.ACTION, Kind.RISK], state=State.QUEUED))
    known = Lookups(rows)
    return {known.why_not(row, row.not_before) for row in rows}


def test_s57_a_finished_action_and_a_review_cancel_their_reminders_at_once(w: World) -> None:
    risk, action = Risk.objects.get(), MitigationAction.objects.get()
    with on(GATE_DAY):
        tick()
        assert (about(Kind.ACTION), about(Kind.RISK)) == ({"mia"}, {"mia"})
        assert still() == {""}
        services.finish_action(actor=w.person("mia"), action=action, proof="Report 7")
        assert (about(Kind.ACTION), about(Kind.ACTION, State.CANCELLED)) == (set(), {"mia"})
        services.review_risk(actor=w.person("mia"), risk=risk, note="Quiet")
        assert (about(Kind.RISK), about(Kind.RISK, State.CANCELLED)) == (set(), {"mia"})
        tick()
        assert about(Kind.ACTION) == about(Kind.RISK) == set()


def test_s58_a_moved_or_handed_on_action_is_asked_for_anew(w: World) -> None:
    action = MitigationAction.objects.get()
    with on(GATE_DAY):
        tick()
        services.change_action(
            actor=w.person("pat"),
            action=action,
            text=action.text,
            owner_role=w.role("independent-reviewer"),
            due_date=GATE_DAY + dt.timedelta(days=1),
        )
        assert about(Kind.ACTION) == set()
        tick()
        assert about(Kind.ACTION) == {"ivy"}
        rows = Delivery.objects.filter(item_kind=Kind.ACTION, state=State.CANCELLED)
        assert {row.reason for row in rows} == {"It was changed"}


def test_a_closed_risk_owes_nothing_and_one_of_a_later_phase_is_not_asked_for(w: World) -> None:
    risk = Risk.objects.get()
    with on(GATE_DAY):
        tick()
        services.close_risk(actor=w.person("sam"), risk=risk, reason="Over")
        assert about(Kind.ACTION) == about(Kind.RISK) == set()
        gone = Delivery.objects.filter(item_kind=Kind.RISK, state=State.CANCELLED)
        assert {row.reason for row in gone} == {"The risk was closed"}
    Risk.objects.update(closed_at=None, raise_from_phase="phase-3")
    Delivery.objects.all().delete()
    with on(GATE_DAY):
        services.reopen_risk(actor=w.person("mia"), risk=risk, reason="Back")
        tick()
        assert about(Kind.RISK) == set()


def test_what_changed_behind_the_planners_back_is_noticed_before_a_mail_leaves(w: World) -> None:
    with on(GATE_DAY):
        tick()
        Risk.objects.update(review_on=GATE_DAY + dt.timedelta(days=9))
        MitigationAction.objects.update(done_at=dt.datetime(2026, 2, 3, tzinfo=dt.UTC))
        assert still() == {"The date moved to 2026-02-12", "Done before it was due to be sent"}
