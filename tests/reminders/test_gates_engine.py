"""Reminders of gates through the engine: planned from rows, told to the right person, silent once settled."""

import datetime as dt

import pytest

from core import clock
from gates.enums import ConditionState, RequestState, View
from gates.models import Condition, ReadingDay, Waiver
from gates.services import conditions, reviews, waivers
from programs.models import Program
from reminders.defaults import limits
from reminders.enums import State
from reminders.models import Delivery, ProgramPlan
from reminders.selectors.facts import load_facts
from reminders.services import copy_default_rules, tick
from reminders.services.days import keep_days
from reminders.services.lookups import Lookups
from tests import factories
from tests.gates.world import GATE_DAY, World, add, conditional, decided, hold, on, open_round, world

NEXT = dt.date(2026, 2, 4)


@pytest.fixture
def w(db: None) -> World:
    """A gate's program with the default rules."""
    made = world()
    copy_default_rules(made.program)
    return made


def about(kind: str, state: State = State.QUEUED) -> set[str]:
    """First names of those whom a reminder of this kind is for."""
    rows = Delivery.objects.filter(item_kind=kind, state=state).select_related("user")
    return {row.user.email.split(".")[0] for row in rows}


def still(kind: str) -> set[str]:
    """Why what waits would not leave: the last look before sending."""
    rows = list(Delivery.objects.filter(item_kind=kind, state=State.QUEUED).select_related("program", "user"))
    known = Lookups(rows)
    return {known.why_not(row, row.not_before) for row in rows}


def test_g22_gatekeepers_who_are_silent_are_asked_and_nobody_else(w: World) -> None:
    with on(GATE_DAY):
        open_round(w, heard=False)
        tick()
        assert about("view") == {"rita", "ben", "fay"}
        reviews.give_view(
            actor=w.person("ben"), event=w.event("gate-30"), role=w.role("business-owner"), view=View.SUPPORT
        )
        assert still("view") == {"", "Done before it was due to be sent"}
        tick()
        assert about("view") == {"rita", "fay"}
        assert about("view", State.CANCELLED) == {"ben"}


def test_g22_the_decision_ends_the_asking(w: World) -> None:
    add(w, "accuracy-2", proven=True)
    with on(GATE_DAY):
        open_round(w, heard=False)
        tick()
        w.event("gate-30").reviews.update(closed_at=clock.now())
        assert still("view") == {"Done before it was due to be sent"}


def test_g15_a_conditions_owner_is_reminded_then_its_verifier_then_nobody(w: World) -> None:
    condition = _conditional(w)
    with on(condition.due_date - dt.timedelta(days=1)):
        tick()
        assert about("condition") == {"mia"}
        conditions.prove_condition(actor=w.person("mia"), condition=condition, text="Bias test repeated.")
        assert about("condition") == set()
        tick()
        assert about("condition") == {"ivy"}
        conditions.close_condition(actor=w.person("ivy"), condition=Condition.objects.get())
        tick()
        assert about("condition") == set()


def test_g15_a_condition_closed_a_moment_ago_is_not_mailed(w: World) -> None:
    condition = _conditional(w)
    with on(condition.due_date - dt.timedelta(days=1)):
        tick()
        assert still("condition") == {""}
        Condition.objects.update(state=ConditionState.CLOSED, closed_by=w.person("ivy"), closed_at=clock.now())
        assert still("condition") == {"Done before it was due to be sent"}


def test_g7_a_waiver_about_to_end_is_told_to_both_and_not_once_it_is_withdrawn(w: World) -> None:
    waiver = _waiver(w)
    with on(waiver.expires_on - dt.timedelta(days=1)):
        tick()
        assert about("waiver") == {"mia", "rita"}
        assert still("waiver") == {""}
        waivers.withdraw_waiver(actor=w.person("mia"), waiver=Waiver.objects.get())
        assert about("waiver") == set()


def test_g8_a_held_gate_is_not_overdue_its_review_is_due(w: World) -> None:
    with on(GATE_DAY):
        open_round(w)
        held = decided(w, hold())
        facts = load_facts(w.program)
        assert [(h.slug, h.due) for h in facts.holds] == [("gate-30", held.review_date)]
        assert "gate-30" not in {event.slug for event in facts.events}
    with on(held.review_date - dt.timedelta(days=1)):
        tick()
        assert about("hold") == {"pat", "sam"}
        assert still("hold") == {""}


# --- once a day ---


def test_s23_a_day_is_kept_once_per_program_whatever_runs(w: World) -> None:
    with on(GATE_DAY):
        assert (keep_days(), keep_days()) == (1, 0)
    with on(NEXT):
        tick()
        tick()
    assert sorted(ReadingDay.objects.values_list("date", flat=True)) == [GATE_DAY, NEXT]


def test_s23_a_day_begins_where_the_program_is(w: World) -> None:
    Program.objects.update(time_zone="Pacific/Auckland")
    with clock.frozen(dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC)):  # past midnight there
        keep_days()
    assert list(ReadingDay.objects.values_list("date", flat=True)) == [NEXT]


def test_g7_what_ended_is_written_down_and_planned_in_the_same_pass(w: World) -> None:
    waiver = _waiver(w)
    with on(waiver.expires_on + dt.timedelta(days=1)):
        tick()
    assert Waiver.objects.get().state == RequestState.EXPIRED


def test_a_tick_keeps_a_bounded_number_of_days(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in ("one", "two"):
        copy_default_rules(factories.program(slug).program)
    few = dict(vars(limits())) | {"days_kept_per_tick": 2}
    monkeypatch.setattr("reminders.services.days.limits", lambda: type("Few", (), few))
    with on(GATE_DAY):
        assert (keep_days(), keep_days(), keep_days()) == (2, 1, 0)


def test_p8_a_program_that_cannot_be_read_holds_up_nobody(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = factories.program("other").program
    copy_default_rules(other)
    from_here = w.program.pk

    def broken(program: Program, today: dt.date) -> int:
        if program.pk == from_here:
            raise ValueError("a fault of ours")
        return 0

    monkeypatch.setattr("reminders.services.days.expire_due", broken)
    with on(GATE_DAY):
        assert (keep_days(), keep_days()) == (1, 0)
    assert set(ReadingDay.objects.values_list("program_id", flat=True)) == {other.pk}
    assert set(ProgramPlan.objects.values_list("day_kept", flat=True)) == {GATE_DAY}


def _conditional(w: World) -> Condition:
    add(w, "shown", proven=True)
    w.criterion("accuracy").event.criteria.exclude(slug="shown").update(applicable=False)
    with on(GATE_DAY):
        open_round(w)
        decided(w, conditional())
    return Condition.objects.get()


def _waiver(w: World) -> Waiver:
    criterion = w.criterion("accuracy")
    with on(GATE_DAY - dt.timedelta(days=20)):
        asked = waivers.request_waiver(
            actor=w.person("mia"),
            criterion=criterion,
            reason="The sample is late",
            control="Every case is read by a person",
            control_evidence="https://docs.example.com/control",
            expires_on=GATE_DAY - dt.timedelta(days=6),
        )
        return waivers.approve_waiver(actor=w.person("rita"), waiver=asked)
