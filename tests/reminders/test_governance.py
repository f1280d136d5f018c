"""Reminders after day 90: the calendar's owners 10 and 3 before and on the day; the plan before it is silent (S75)."""

import datetime as dt
from datetime import UTC, date, datetime

import pytest

from gates.services import between
from governance.enums import Finding
from governance.models import GovernanceEvent
from governance.services import occurrences
from programs.enums import ProgramState
from programs.models import Program
from reminders.domain.facts import EndingFacts, EventFacts, GovernanceFacts, HoldFacts, RoundFacts
from reminders.domain.gone import why_gone
from reminders.domain.governance import in_run
from reminders.domain.planner import plan
from reminders.enums import Kind, RuleSlug, State
from reminders.models import Delivery
from reminders.selectors.facts import load_facts
from reminders.services import copy_default_rules, tick
from reminders.services.lookups import Lookups
from tests.gates.world import World, add, on
from tests.governance.world import FIRST, running
from tests.reminders.facts import DEPUTY, MANAGER, OWNER, PEOPLE, RULES, SPONSOR, absent, area, gate, item
from tests.reminders.facts import program as facts_of

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
DUE = date(2026, 11, 18)  # a Wednesday
EVENT = GovernanceFacts(9, "gc-cost", "Cost review", DUE, "model-owner")


def shape(facts) -> list[tuple[str, str, str, int]]:
    found = [i for i in plan(facts, RULES, START, END) if i.rule is RuleSlug.GOVERNANCE_AHEAD]
    return [(i.rule.value, i.occurrence, i.planned_on.isoformat(), i.user_id) for i in found]


def test_s75_the_owner_is_told_10_and_3_working_days_before_and_on_the_day() -> None:
    assert shape(facts_of(governance=(EVENT,))) == [
        ("governance-ahead", "T-10", "2026-11-04", OWNER),
        ("governance-ahead", "T-3", "2026-11-13", OWNER),
        ("governance-ahead", "T0", "2026-11-18", OWNER),
    ]


def test_s75_the_deputy_when_the_owner_is_away_and_the_manager_when_nobody_owns_it() -> None:
    away = {OWNER: absent(PEOPLE[OWNER], date(2026, 11, 10), date(2026, 11, 30))}
    assert [row[3] for row in shape(facts_of(governance=(EVENT,), people=away))] == [OWNER, DEPUTY, DEPUTY]
    vacant = GovernanceFacts(9, "gc", "Drill", DUE, "monitoring-owner")
    found = plan(facts_of(governance=(vacant,)), RULES, START, END)
    assert {i.user_id for i in found} == {MANAGER}
    assert all("Nobody" in gap or "vacant" in gap for i in found for gap in i.gaps)


def test_s75_two_dates_of_one_event_are_told_apart_by_their_day() -> None:
    week = GovernanceFacts(9, "gc-cost", "Cost review", DUE + dt.timedelta(days=7), "model-owner")
    keys = [i.key for i in plan(facts_of(governance=(EVENT, week)), RULES, START, END)]
    ahead = [key for key in keys if RuleSlug.GOVERNANCE_AHEAD in key]
    assert len(keys) == len(set(keys)) > len(ahead) == 6


def test_why_a_governance_reminder_went() -> None:
    assert why_gone(facts_of(), Kind.GOVERNANCE, 9, OWNER, DUE) == "Held, put off or changed"
    assert "Somebody else" in why_gone(facts_of(governance=(EVENT,)), Kind.GOVERNANCE, 9, OWNER, DUE)


def full():
    """Everything a program can be reminded of, and a mini-gate with one criterion."""
    mini = EventFacts(77, "mini-gate-1", "Mini", DUE, gatekeepers=("finance-partner",), listed=frozenset({8}))
    ends = {"requester": OWNER, "requester_role": "model-owner"}
    return facts_of(
        item(DUE), item(DUE, id=8), item(DUE, kind=Kind.TASK), item(DUE, id=5, kind=Kind.CONDITION),
        events=[gate(DUE), mini], areas=[area()],
        endings=[EndingFacts(k, 3, "x", "X", DUE, **ends) for k in (Kind.WAIVER, Kind.ACCEPTANCE, Kind.STATUS)],
        holds=[HoldFacts(1, "gate-30", "Gate 30", DUE), HoldFacts(2, "mini-gate-1", "Mini", DUE)],
        rounds=[RoundFacts(1, "gate-30", "Gate 30", DUE), RoundFacts(2, "mini-gate-1", "Mini", DUE)],
        governance=(EVENT,),
    )  # fmt: skip


def test_s79_in_run_the_plan_is_silent_and_what_is_in_use_is_not() -> None:
    left = in_run(full(), frozenset({77}))
    assert [(i.kind, i.id) for i in left.items] == [(Kind.CRITERION, 8), (Kind.CONDITION, 5)]
    assert [e.id for e in left.events] == [77]
    assert [e.kind for e in left.endings] == [Kind.ACCEPTANCE]
    assert [h.id for h in left.holds] == [2]
    assert [r.id for r in left.rounds] == [2]
    assert (left.areas, left.governance) == (full().areas, full().governance)
    kinds = {i.kind for i in plan(left, RULES, START, END)}
    assert Kind.TASK not in kinds
    assert {Kind.GOVERNANCE, Kind.CONDITION, Kind.EVENT, Kind.CRITERION, Kind.AREA} <= kinds


def test_g21_a_mini_gate_is_announced_as_a_gate_to_those_of_its_list() -> None:
    found = plan(in_run(full(), frozenset({77})), RULES, START, END)
    rows = {(i.rule, i.user_id) for i in found if i.kind is Kind.EVENT}
    assert (RuleSlug.GATE_AHEAD, SPONSOR) in rows
    assert not [rule for rule, _ in rows if rule is RuleSlug.CHECKPOINT_AHEAD]


# ---------------------------------------------------------------- through the engine


@pytest.fixture
def w(db: None) -> World:
    """A program in run with the default rules."""
    made = running()
    copy_default_rules(made.program)
    return made


def queued(kind: str = "", state: State = State.QUEUED) -> set[tuple[str, str, date]]:
    rows = Delivery.objects.filter(state=state).select_related("user")
    found = {(row.item_kind, row.user.email.split(".")[0], row.due_date) for row in rows}
    return {row for row in found if not kind or row[0] == kind}


def service(w: World) -> GovernanceEvent:
    return GovernanceEvent.objects.get(program=w.program, slug="gc-service")


def test_s75_a_running_program_tells_its_owner_and_says_nothing_of_the_old_plan(w: World) -> None:
    with on(FIRST - dt.timedelta(days=1), hour=6):
        tick()
    assert ("governance", "mia", FIRST) in queued()
    assert {kind for kind, _, _ in queued()} <= {"governance", "area"}


def test_s75_an_active_program_has_both(w: World) -> None:
    Program.objects.filter(pk=w.program.pk).update(state=ProgramState.ACTIVE)
    with on(FIRST - dt.timedelta(days=1), hour=6):
        tick()
    kinds = {kind for kind, _, _ in queued()}
    assert "governance" in kinds
    assert kinds & {"criterion", "task", "event"}


@pytest.mark.parametrize("state", [ProgramState.CLOSED, ProgramState.STOPPED, ProgramState.PAUSED])
def test_s79_a_program_that_ended_says_nothing(w: World, state: ProgramState) -> None:
    Program.objects.filter(pk=w.program.pk).update(state=state)
    with on(FIRST - dt.timedelta(days=1), hour=6):
        tick()
    assert queued() == set()


def test_s75_what_was_held_is_not_mailed(w: World) -> None:
    with on(FIRST - dt.timedelta(days=1), hour=6):
        tick()
        (row,) = Delivery.objects.filter(item_kind="governance", due_date=FIRST, state=State.QUEUED)
        assert Lookups([row]).why_not(row, row.not_before) == ""
        occurrences.complete(
            actor=w.person("mia"), event=service(w), planned_on=FIRST, held_on=FIRST - dt.timedelta(days=1),
            finding=Finding.IN_ORDER, output="Held early",
        )  # fmt: skip
        assert Lookups([row]).why_not(row, row.not_before) == "Done before it was due to be sent"
        row.refresh_from_db()
        assert (row.state, row.reason) == (State.CANCELLED, "Held")
        tick()
    assert ("governance", "mia", FIRST) not in queued()


def test_s75_what_was_put_off_is_told_for_its_new_day(w: World) -> None:
    later = FIRST + dt.timedelta(days=1)
    with on(FIRST - dt.timedelta(days=1), hour=6):
        tick()
        occurrences.defer(
            actor=w.person("mia"), event=service(w), planned_on=FIRST, new_date=later, reason="People are away"
        )
        assert ("governance", "mia", FIRST) not in queued()
    with on(later, hour=5):
        tick()
    assert ("governance", "mia", later) in queued()


def test_g21_a_mini_gate_and_its_criterion_are_reminded_of_in_run(w: World) -> None:
    add(w, "drift", "gate-90")
    day = dt.date(2026, 4, 21)
    with on(dt.date(2026, 4, 20), hour=5):
        event = between.call_mini_gate(
            actor=w.person("rita"), program=w.program, name="New model", trigger="Changed", on=day,
            criteria=[w.criterion("drift")],
        )  # fmt: skip
        facts = load_facts(w.program)
        assert [(e.id, e.is_gate) for e in facts.events] == [(event.pk, True)]
        assert [i.slug for i in facts.items] == ["drift"]
        tick()
    assert {"sam", "rita", "pat"} <= {who for kind, who, _ in queued("event")}


def test_s75_queries_do_not_grow_with_the_calendar(w: World, django_assert_num_queries) -> None:
    with on(FIRST), django_assert_num_queries(6):
        load_facts(w.program)
    GovernanceEvent.objects.exclude(slug="gc-service").delete()
    with on(FIRST), django_assert_num_queries(6):
        load_facts(w.program)
