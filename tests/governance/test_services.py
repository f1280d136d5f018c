"""Holding, putting off, changing and triggering; benefit readings; the version log; the check of gate 90."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from activity.models import Entry
from core.errors import Conflict, Invalid, NotAllowed
from governance.domain.rules import Rhythm
from governance.enums import Basis, ChangeKind, Finding, GovernanceKind
from governance.models import BenefitReading, ChangeRecord, Deferral, GovernanceEvent, GovernanceOccurrence, Trigger
from governance.selectors.calendar import load_book, schedule_gaps
from governance.selectors.pages import readings_of
from governance.services import benefits, changes, events, occurrences
from phases import checks
from phases.services import review
from programs.enums import ProgramState
from programs.models import Program
from tests import factories
from tests.gates.world import World, add, prove
from tests.governance.world import BENEFIT_120, FIRST, at

TODAY = dt.date(2026, 4, 20)
SECOND, THIRD = FIRST + dt.timedelta(weeks=1), FIRST + dt.timedelta(weeks=2)


def service(w: World) -> GovernanceEvent:
    return GovernanceEvent.objects.get(program=w.program, slug="gc-service")


def hold(w: World, who: str = "mia", planned: dt.date = SECOND, **more: Any) -> GovernanceOccurrence:
    values = {"held_on": TODAY, "finding": Finding.IN_ORDER, "output": "All in order"}
    return occurrences.complete(
        actor=w.person(who),
        event=more.pop("event", service(w)),
        planned_on=planned,
        **{**values, **more},
    )


def defer(w: World, to: dt.date, who: str = "mia", planned: dt.date = THIRD, **more: Any) -> GovernanceOccurrence:
    return occurrences.defer(
        actor=w.person(who), event=service(w), planned_on=planned, new_date=to, reason="People are away", **more
    )


def wanted(w: World, **more: Any) -> events.EventInput:
    values = {
        "name": "Look at the logs",
        "kind": GovernanceKind.AUDIT,
        "owner_role": w.role("model-owner"),
        "inputs": "logs",
        "output": "a note",
        "rhythm": Rhythm.MONTHLY,
        "first": dt.date(2026, 5, 4),
    }
    return events.EventInput(**{**values, **more})


# ---------------------------------------------------------------- hold


def test_s75_holding_keeps_what_came_out_and_what_passed_before_was_not_held(w: World) -> None:
    assert [(e.due, more) for e, more in load_book(w.program).overdue()] == [(FIRST, 0)]
    hold(w, output="Two incidents", next_step="Retrain")
    rows = {row.planned_on: row for row in GovernanceOccurrence.objects.all()}
    assert (rows[SECOND].finding, rows[SECOND].output, rows[SECOND].next_step) == (
        "in-order",
        "Two incidents",
        "Retrain",
    )
    assert rows[FIRST].finding == Finding.NOT_HELD
    assert load_book(w.program).overdue() == []
    assert Entry.objects.filter(verb="governance.done").count() == 1


def test_p16_the_same_form_sent_twice_holds_once_and_another_persons_is_a_conflict(w: World) -> None:
    first = hold(w, version=0)
    assert hold(w, version=0).pk == first.pk
    with pytest.raises(Conflict) as lost:
        hold(w, "pat", version=0, output="Something else")
    assert "All in order" in lost.value.current
    assert Entry.objects.filter(verb="governance.done").count() == 1


@pytest.mark.parametrize(
    ("planned", "more", "words"),
    [
        (SECOND, {"output": " "}, "Say what came out of it"),
        (SECOND, {"held_on": TODAY + dt.timedelta(days=1)}, "lies ahead"),
        (SECOND, {"finding": Finding.NOT_HELD}, "put it off instead"),
        (dt.date(2026, 5, 27), {}, "too early"),
    ],
)
def test_s75_an_event_is_not_ticked_off(w: World, planned: dt.date, more: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        hold(w, planned=planned, **more)
    assert not GovernanceOccurrence.objects.exists()


def test_s75_a_date_that_is_none_of_its_is_a_conflict(w: World) -> None:
    with pytest.raises(Conflict, match="not on the calendar"):
        hold(w, planned=SECOND + dt.timedelta(days=1))


@pytest.mark.parametrize(("who", "may"), [("mia", True), ("max", True), ("rita", True), ("pat", True), ("ivy", False)])
def test_s75_owner_deputy_and_keepers_hold_others_do_not(w: World, who: str, may: bool) -> None:
    if may:
        assert hold(w, who).done_by == w.person(who)
    else:
        with pytest.raises(NotAllowed, match="Model owner"):
            hold(w, who)


@pytest.mark.parametrize("state", [ProgramState.PAUSED, ProgramState.STOPPED, ProgramState.CLOSED])
def test_a_program_that_does_not_live_changes_nothing(w: World, state: ProgramState) -> None:
    Program.objects.filter(pk=w.program.pk).update(state=state)
    for act in (
        lambda: hold(w),
        lambda: defer(w, THIRD + dt.timedelta(days=2)),
        lambda: events.add_event(actor=w.person("rita"), program=w.program, wanted=wanted(w)),
        lambda: changed(w),
    ):
        with pytest.raises(NotAllowed, match=f"This program is {state.value}"):
            act()


# ---------------------------------------------------------------- defer


def test_s94_the_third_deferral_needs_the_sponsor(w: World) -> None:
    defer(w, dt.date(2026, 4, 29))
    defer(w, dt.date(2026, 5, 4))
    with pytest.raises(NotAllowed, match=r"put off 2 times; only the sponsor .*\(S94\)"):
        defer(w, dt.date(2026, 5, 6))
    row = defer(w, dt.date(2026, 5, 6), "sam")
    assert (row.deferrals, row.due_date, row.planned_on) == (3, dt.date(2026, 5, 6), THIRD)
    assert list(Deferral.objects.values_list("before", "after")) == [
        (THIRD, dt.date(2026, 4, 29)),
        (dt.date(2026, 4, 29), dt.date(2026, 5, 4)),
        (dt.date(2026, 5, 4), dt.date(2026, 5, 6)),
    ]


def test_s94_a_date_moves_alone_and_onto_a_working_day(w: World) -> None:
    row = defer(w, dt.date(2026, 5, 1))  # a holiday in Germany, a Friday
    assert row.due_date == dt.date(2026, 5, 4)
    book = load_book(w.program)
    dates = [entry.due for entry in book.of(service(w), THIRD, dt.date(2026, 6, 30))]
    assert dates == [dt.date(2026, 5, 4), dt.date(2026, 5, 27), dt.date(2026, 6, 29)]


@pytest.mark.parametrize(("to", "words"), [(THIRD, "later day"), (dt.date(2026, 4, 1), "later day")])
def test_s94_only_later_and_only_what_is_open(w: World, to: dt.date, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        defer(w, to)
    hold(w)
    with pytest.raises(Invalid, match="nothing to put off"):
        defer(w, dt.date(2026, 5, 20), planned=SECOND)


def test_p16_a_deferral_sent_twice_is_one_and_a_lost_race_shows_the_day(w: World) -> None:
    defer(w, dt.date(2026, 4, 29), version=0)
    assert defer(w, dt.date(2026, 4, 29), version=0).deferrals == 1
    with pytest.raises(Conflict, match="a moment ago"):
        defer(w, dt.date(2026, 5, 8), version=0)


# ---------------------------------------------------------------- add and change


def test_s75_an_event_is_added_once_with_its_rule(w: World) -> None:
    made = events.add_event(actor=w.person("rita"), program=w.program, wanted=wanted(w), key="k")
    again = events.add_event(actor=w.person("rita"), program=w.program, wanted=wanted(w), key="k")
    assert made.pk == again.pk
    assert (made.rrule, made.first_date) == ("FREQ=MONTHLY;BYMONTHDAY=4", dt.date(2026, 5, 4))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"inputs": " "}, "inputs"),
        ({"output": ""}, "output"),
        ({"first": dt.date(2026, 4, 19)}, "first"),
        ({"first": None}, "first"),
        ({"rhythm": Rhythm.RULE, "rule": "FREQ=DAILY"}, "rule"),
        ({"rhythm": Rhythm.RULE, "rule": ""}, "rule"),
    ],
)
def test_s75_what_is_missing_or_wrong_is_named_at_its_field(w: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        events.add_event(actor=w.person("pat"), program=w.program, wanted=wanted(w, **more))
    assert refused.value.field == field


def test_s75_only_keepers_add_and_roles_are_of_the_program(w: World) -> None:
    with pytest.raises(NotAllowed, match="calendar is kept by"):
        events.add_event(actor=w.person("mia"), program=w.program, wanted=wanted(w))
    other = factories.program("other").roles["sponsor"]
    with pytest.raises(Invalid, match="role of this program"):
        events.add_event(actor=w.person("pat"), program=w.program, wanted=wanted(w, owner_role=other))


def test_p4_a_changed_rhythm_leaves_what_was_due_due(w: World) -> None:
    values = {"rhythm": Rhythm.QUARTERLY, "first": dt.date(2026, 6, 1)}
    events.change_event(actor=w.person("rita"), event=service(w), wanted=wanted(w, **values), reason="Quieter now")
    book = load_book(w.program)
    (event,) = [e for e in book.events if e.slug == "gc-service"]
    assert [(e.due, e.is_done) for e in book.of(event, FIRST, dt.date(2026, 9, 30))] == [
        (FIRST, False), (dt.date(2026, 6, 1), False), (dt.date(2026, 9, 1), False),
    ]  # fmt: skip
    assert [entry.due for entry, _ in book.overdue()] == [FIRST]


def test_s75_other_words_keep_the_days_and_a_new_rhythm_needs_its_first(w: World) -> None:
    event = service(w)
    same = wanted(w, rhythm=Rhythm.RULE, rule=event.rrule, first=None)
    changed = events.change_event(actor=w.person("pat"), event=event, wanted=same, reason="Clearer", version=1)
    assert (changed.name, changed.rrule, changed.rrule_later) == ("Look at the logs", event.rrule, event.rrule_later)
    twice = events.change_event(actor=w.person("pat"), event=event, wanted=same, reason="Clearer", version=1)
    assert twice.version == 2
    with pytest.raises(Conflict):
        events.change_event(
            actor=w.person("pat"), event=event, wanted=wanted(w, name="X", rhythm=Rhythm.RULE, rule=event.rrule,
            first=None), reason="r", version=1,
        )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        events.change_event(actor=w.person("pat"), event=event, wanted=wanted(w, first=None), reason="r")
    assert refused.value.field == "first"
    with pytest.raises(Invalid, match="Say why"):
        events.change_event(actor=w.person("pat"), event=event, wanted=same, reason=" ")


# ---------------------------------------------------------------- triggers


def happened(w: World, who: str = "ivy", **more: Any) -> GovernanceEvent:
    values = {"cause": "A complaint", "happened_on": TODAY, "review_on": dt.date(2026, 5, 1)}
    return events.report_trigger(
        actor=w.person(who),
        trigger=Trigger.objects.get(program=w.program, position=1),
        kind=GovernanceKind.REASSESSMENT,
        owner_role=w.role("model-owner"),
        **{**values, **more},
    )


def test_s77_a_trigger_that_happened_makes_a_dated_review_with_its_cause(w: World) -> None:
    made = happened(w, key="k")
    assert happened(w, key="k").pk == made.pk
    assert (made.first_date, made.moved_from, made.cause) == (dt.date(2026, 5, 4), dt.date(2026, 5, 1), "A complaint")
    (entry,) = [e for e in load_book(w.program).between(TODAY, dt.date(2026, 5, 4)) if e.event.trigger_id]
    assert (entry.due, entry.why) == (dt.date(2026, 5, 4), "Labor Day")
    assert Entry.objects.filter(verb="trigger.happened", subject_id=made.pk).count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"cause": ""}, "cause"),
        ({"happened_on": TODAY + dt.timedelta(days=1)}, "happened_on"),
        ({"review_on": TODAY - dt.timedelta(days=1)}, "review_on"),
    ],
)
def test_s77_a_review_needs_a_cause_and_a_day_ahead(w: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        happened(w, **more)
    assert refused.value.field == field


def test_s77_a_stranger_reports_nothing(w: World) -> None:
    w.built.people["stranger"] = w.stranger
    with pytest.raises(NotAllowed):
        happened(w, "stranger")


# ---------------------------------------------------------------- benefit


def read(w: World, who: str = "pat", **more: Any) -> BenefitReading:
    values = {"day": 120, "read_on": TODAY, "basis": Basis.MEASURED, "value": Decimal("3"), "method": "A sample"}
    return benefits.record_benefit(actor=w.person(who), program=w.program, **{**values, **more})


def test_s97_a_reading_is_held_against_the_statement_and_verified_by_somebody_else(w: World) -> None:
    reading = read(w, key="k")
    assert read(w, key="k").pk == reading.pk
    assert [(line.grade, line.progress) for line in readings_of(w.program)] == [("B", 50)]
    with pytest.raises(NotAllowed, match="somebody else"):
        benefits.verify_benefit(actor=w.person("pat"), reading=reading)
    with pytest.raises(NotAllowed, match="verifies readings"):
        benefits.verify_benefit(actor=w.person("mia"), reading=reading)
    benefits.verify_benefit(actor=w.person("ivy"), reading=reading)
    benefits.verify_benefit(actor=w.person("ivy"), reading=reading)
    assert [line.grade for line in readings_of(w.program)] == ["A"]
    with pytest.raises(Invalid, match="already"):
        benefits.verify_benefit(actor=w.person("sam"), reading=reading)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"value": None}, "value"),
        ({"basis": Basis.NONE}, "basis"),
        ({"day": 121}, "day"),
        ({"method": ""}, "method"),
        ({"read_on": TODAY + dt.timedelta(days=1)}, "read_on"),
    ],
)
def test_s97_a_reading_says_what_it_stands_on(w: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(w, **more)
    assert refused.value.field == field


def test_s97_the_review_at_day_120_needs_its_reading(w: World) -> None:
    event = GovernanceEvent.objects.get(program=w.program, slug="gc-benefit-120")
    with at(BENEFIT_120):
        with pytest.raises(Invalid, match="benefit reading of day 120"):
            hold(w, "pat", BENEFIT_120, event=event, held_on=BENEFIT_120)
        read(w, basis=Basis.NONE, value=None, method="The system of record was down")
        assert hold(w, "pat", BENEFIT_120, event=event, held_on=BENEFIT_120).done_at is not None


def test_s79_an_event_that_ends_in_the_decision_is_not_held_without_it(w: World) -> None:
    event = GovernanceEvent.objects.get(program=w.program, slug="gc-recommission-yearly")
    day = dt.date(2026, 12, 30)
    with at(day), pytest.raises(Invalid, match="continue, change or retire"):
        hold(w, "sam", day, event=event, held_on=day)


# ---------------------------------------------------------------- version log


def changed(w: World, who: str = "mia", **more: Any) -> ChangeRecord:
    values = {"what": "New prompt", "why": "Shorter", "release": "2.1", "applied_on": dt.date(2026, 4, 17)}
    return changes.log_change(actor=w.person(who), program=w.program, kind=ChangeKind.PROMPT, **{**values, **more})


def test_s78_a_change_without_approval_is_there_and_one_approved_late_says_so(w: World) -> None:
    change = changed(w, key="k")
    assert changed(w, key="k").pk == change.pk
    assert not change.is_approved
    for who, words in (("mia", "somebody else"), ("pat", "approves changes")):
        with pytest.raises(NotAllowed, match=words):
            changes.approve_change(actor=w.person(who), change=change)
    approved = changes.approve_change(actor=w.person("rita"), change=change, note="Seen")
    assert (approved.is_approved, approved.days_before_approval, approved.note) == (True, 3, "Seen")
    assert changes.approve_change(actor=w.person("rita"), change=change).note == "Seen"
    with pytest.raises(Invalid, match="already"):
        changes.approve_change(actor=w.person("sam"), change=change)


def test_s78_a_change_approved_before_it_is_in_use_was_never_late(w: World) -> None:
    change = changed(w, applied_on=dt.date(2026, 4, 30))
    assert changes.approve_change(actor=w.person("rita"), change=change).days_before_approval == 0


# ---------------------------------------------------------------- gate 90


def test_s75_the_built_in_calendar_is_complete(db: None) -> None:
    for example in ("claims-triage", "contract-search"):
        assert schedule_gaps(factories.launched(example)) == []


def test_s75_s76_the_criterion_is_refused_while_a_kind_or_a_month_is_missing(w: World) -> None:
    add(w, "g90-governance-calendar", "gate-90")
    prove(w, "g90-governance-calendar", TODAY, verified=False)
    GovernanceEvent.objects.filter(program=w.program, kind="update").delete()
    with pytest.raises(Invalid, match="No update is scheduled"):
        review.verify(actor=w.person("ivy"), criterion=w.criterion("g90-governance-calendar"))
    events.add_event(
        actor=w.person("pat"), program=w.program, wanted=wanted(w, kind=GovernanceKind.UPDATE, rhythm=Rhythm.ONCE)
    )
    assert review.verify(actor=w.person("ivy"), criterion=w.criterion("g90-governance-calendar")).verified_at
    assert checks.reasons("another", w.program) == []


def test_s77_a_calendar_without_triggers_or_inputs_is_not_complete_and_a_called_review_is_no_plan(w: World) -> None:
    GovernanceEvent.objects.filter(program=w.program, slug="gc-access").update(inputs=" ")
    GovernanceEvent.objects.filter(program=w.program, kind="reassessment").delete()
    happened(w)
    found = schedule_gaps(w.program)
    assert "Gc access says nothing about what goes into it." in found
    assert "No reassessment is scheduled in the twelve months after day 90." in found
    GovernanceEvent.objects.update(trigger=None)
    Trigger.objects.all().delete()
    assert any("No trigger is named" in reason for reason in schedule_gaps(w.program))
