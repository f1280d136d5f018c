"""The ladder: one rung at a time, counted from what was really sent; empty rungs are gaps, never skipped silently."""

from dataclasses import replace
from datetime import UTC, date, datetime

from reminders.domain.planner import plan
from reminders.enums import Kind, RuleSlug
from tests.reminders.facts import DEPUTY, KEEPER, MANAGER, OWNER, ROLES, RULES, SPONSOR, gate, item, program, sent

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
DUE = date(2026, 11, 18)


def rungs(facts, **more):
    found = plan(facts, RULES, START, END, **more)
    return [(i.occurrence, i.planned_on.isoformat(), i.user_id, i.gaps) for i in found if i.rule is RuleSlug.ESCALATION]


def test_nothing_climbs_before_the_first_overdue_mail_was_sent():
    assert rungs(program(item(DUE))) == []


def test_one_rung_at_a_time_counted_from_the_real_day():
    first = sent(DUE, date(2026, 11, 20))  # a day late: planned on the 19th
    assert rungs(program(item(DUE), past=[first])) == [("deputy", "2026-11-24", DEPUTY, ())]
    second = sent(DUE, date(2026, 11, 26), rule="escalation", occurrence="deputy", user=DEPUTY)
    assert rungs(program(item(DUE), past=[first, second])) == [("program-manager", "2026-11-30", MANAGER, ())]


def test_a_preview_shows_the_whole_ladder():
    assert [(rung, on) for rung, on, _, _ in rungs(program(item(DUE)), assume_sent=True)] == [
        ("deputy", "2026-11-23"),
        ("program-manager", "2026-11-25"),
        ("sponsor", "2026-11-27"),
    ]


def test_an_empty_rung_is_handed_to_the_next_at_its_own_time_with_the_gap_named():
    facts = program(item(DUE, role="finance-partner"), past=[sent(DUE, date(2026, 11, 19), user=KEEPER)])
    gap = ("No deputy is named for Finance partner",)
    assert rungs(facts) == [("program-manager", "2026-11-23", MANAGER, gap)]


def test_a_rung_whose_person_was_asked_before_waits_but_sends_nothing():
    roles = {"model-owner": replace(ROLES["model-owner"], deputy=MANAGER)}
    steps = rungs(program(item(DUE), roles=roles), assume_sent=True)
    assert [(rung, on, who) for rung, on, who, _ in steps] == [
        ("deputy", "2026-11-23", MANAGER),
        ("sponsor", "2026-11-27", SPONSOR),
    ]


def test_the_gap_survives_a_rung_that_was_asked_before():
    facts = program(item(DUE, role="monitoring-owner"), past=[sent(DUE, date(2026, 11, 19), user=MANAGER)])
    gap = ("No deputy is named for Monitoring owner",)
    assert rungs(facts) == [("sponsor", "2026-11-25", SPONSOR, gap)]


def test_done_or_moved_work_leaves_the_ladder():
    past = [sent(DUE, date(2026, 11, 19))]
    assert rungs(program(item(DUE, finished=True), past=past)) == []
    assert rungs(program(item(date(2026, 11, 30)), past=past)) == []


def test_g12_an_overdue_gate_climbs_to_the_deputies_and_turns_red():
    due = date(2026, 11, 20)
    roles = {"sponsor": replace(ROLES["sponsor"], deputy=KEEPER)}
    steps = rungs(program(events=[gate(due)], roles=roles), assume_sent=True)
    assert steps == [
        ("deputies", "2026-11-25", KEEPER, ("No deputy is named for Program manager",)),
        ("red", "2026-11-27", SPONSOR, ()),
    ]


def test_g12_red_reaches_the_sponsor_even_without_any_deputy():
    due = date(2026, 11, 20)
    past = [
        sent(due, date(2026, 11, 23), rule="gate-overdue", user=who, id=30, kind=Kind.EVENT)
        for who in (SPONSOR, MANAGER)
    ]
    found = rungs(program(events=[gate(due)], past=past))
    gaps = ("No deputy is named for Program manager", "No deputy is named for Executive sponsor")
    assert found == [("red", "2026-11-25", SPONSOR, gaps)]


def test_switching_the_ladder_off_leaves_the_reminders():
    quiet = [replace(rule, enabled=rule.slug is not RuleSlug.ESCALATION) for rule in RULES]
    found = plan(program(item(DUE)), quiet, START, END, assume_sent=True)
    assert {i.rule for i in found} == {RuleSlug.ITEM_DUE, RuleSlug.ITEM_OVERDUE}
    assert {i.user_id for i in found} == {OWNER}


def test_two_deputies_have_two_hours_and_the_first_does_not_take_the_others_place():
    due, day = date(2026, 11, 20), date(2026, 11, 25)
    roles = {
        "sponsor": replace(ROLES["sponsor"], deputy=KEEPER),
        "program-manager": replace(ROLES["program-manager"], deputy=DEPUTY),
    }
    past = [
        sent(due, date(2026, 11, 23), rule="gate-overdue", user=who, id=30, kind=Kind.EVENT)
        for who in (SPONSOR, MANAGER)
    ]
    past.append(sent(due, day, rule="escalation", occurrence="deputies", user=DEPUTY, id=30, kind=Kind.EVENT))
    found = rungs(program(events=[gate(due)], roles=roles, past=past))
    assert found == [("deputies", "2026-11-25", KEEPER, ()), ("red", "2026-11-27", SPONSOR, ())]
    past.append(sent(due, day, rule="escalation", occurrence="deputies", user=KEEPER, id=30, kind=Kind.EVENT))
    assert rungs(program(events=[gate(due)], roles=roles, past=past)) == [("red", "2026-11-27", SPONSOR, ())]
