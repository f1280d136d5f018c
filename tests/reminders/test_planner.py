"""The planner's rules, one by one: leads, the day itself, overdue, absence, vacancy, moved dates (P6, P9, P10, P11)."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.domain.facts import Person, RoleFacts
from reminders.domain.people import Addressee, asked_by_name, asked_for_item
from reminders.domain.planner import plan
from reminders.enums import Kind, Part, RuleSlug
from tests.reminders.facts import (
    CALENDAR,
    DEPUTY,
    KEEPER,
    MANAGER,
    OWNER,
    PEOPLE,
    RULES,
    SPONSOR,
    absent,
    area,
    gate,
    item,
    program,
    sent,
)

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
DUE = date(2026, 11, 18)  # a Wednesday


def planned(facts, from_=START, to=END, **more):
    return plan(facts, RULES, from_, to, **more)


def shape(intents):
    return [(i.occurrence, i.planned_on.isoformat(), i.user_id) for i in intents]


def test_s_an_item_is_announced_then_due_then_overdue_at_most_five_times():
    assert shape(planned(program(item(DUE)))) == [
        ("T-5", "2026-11-11", OWNER),
        ("T-1", "2026-11-17", OWNER),
        ("T0", "2026-11-18", OWNER),
        ("+1", "2026-11-19", OWNER),
        ("+3", "2026-11-23", OWNER),
        ("+5", "2026-11-25", OWNER),
        ("+7", "2026-11-27", OWNER),
        ("+9", "2026-12-01", OWNER),
    ]


def test_the_reminders_of_one_person_are_those_of_all_that_are_theirs():
    facts = program(item(DUE), events=(gate(DUE),), areas=(area(),))
    everything = planned(facts, assume_sent=True)
    people = {intent.user_id for intent in everything}
    assert len(people) > 2
    for person in (*people, 0):
        theirs = tuple(intent for intent in everything if intent.user_id == person)
        assert planned(facts, assume_sent=True, only=person) == theirs


def test_p9_the_mail_leaves_at_the_recipients_hour_on_the_programs_date():
    first = planned(program(item(DUE)))[0]
    assert first.not_before.astimezone(ZoneInfo("Asia/Kolkata")).isoformat() == "2026-11-11T08:00:00+05:30"
    assert first.expires_at.astimezone(ZoneInfo("Asia/Kolkata")).isoformat() == "2026-11-12T00:00:00+05:30"


def test_p11_finished_items_and_decided_events_are_left_alone():
    facts = program(item(DUE, finished=True), events=[gate(date(2026, 11, 20), decided=True)])
    assert planned(facts) == ()


def test_p11_an_inactive_program_sends_nothing():
    assert planned(program(item(DUE), active=False)) == ()


def test_handed_in_work_asks_the_verifier_and_no_longer_the_owner():
    found = planned(program(item(DUE, handed_in=True)))
    assert {(i.user_id, i.part) for i in found} == {(KEEPER, Part.VERIFIER)}


def test_a_gate_goes_to_sponsor_keepers_manager_and_owners_of_unmet_criteria():
    facts = program(
        item(date(2026, 11, 10), id=8, event_id=30),
        item(date(2026, 11, 9), id=9, event_id=30, finished=True, role="monitoring-owner"),
        events=[gate(date(2026, 11, 20))],
    )
    ahead = [i for i in planned(facts) if i.rule is RuleSlug.GATE_AHEAD]
    assert sorted({i.user_id for i in ahead}) == [SPONSOR, MANAGER, OWNER, KEEPER]
    dates = [i.planned_on.isoformat() for i in ahead if i.user_id == KEEPER]
    assert dates == ["2026-11-06", "2026-11-13", "2026-11-18", "2026-11-19", "2026-11-20"]


def test_gate_today_is_the_only_mail_on_a_day_off():
    holiday = date(2026, 12, 25)
    facts = program(item(holiday), events=[gate(holiday)])
    off = [i for i in planned(facts) if not CALENDAR.is_working_day(i.planned_on)]
    assert {(i.rule, i.occurrence) for i in off} == {(RuleSlug.GATE_AHEAD, "T0")}
    assert all(i.any_day for i in off)


def test_g12_an_undecided_gate_is_overdue_the_next_working_day_and_every_two_after():
    facts = program(events=[gate(date(2026, 11, 20))])
    overdue = [i for i in planned(facts, to=datetime(2026, 12, 4, tzinfo=UTC)) if i.rule is RuleSlug.GATE_OVERDUE]
    assert {i.user_id for i in overdue} == {SPONSOR, MANAGER}
    days = sorted({i.planned_on.isoformat() for i in overdue})
    assert days == ["2026-11-23", "2026-11-25", "2026-11-27", "2026-12-01", "2026-12-03"]


def test_a_checkpoint_looks_at_everything_due_by_it():
    point = gate(date(2026, 11, 20), id=15, is_gate=False)
    facts = program(item(date(2026, 11, 19)), item(date(2026, 11, 25), id=8, role="finance-partner"), events=[point])
    ahead = [i for i in planned(facts) if i.rule is RuleSlug.CHECKPOINT_AHEAD]
    assert {i.user_id for i in ahead} == {MANAGER, OWNER}
    assert sorted({i.occurrence for i in ahead}) == ["T-1", "T-2", "T-5"]


def test_nobody_s_items_go_to_the_manager_with_the_gap_named():
    found = planned(program(item(DUE, role="monitoring-owner")))
    assert {(i.user_id, i.part) for i in found} == {(MANAGER, Part.STAND_IN)}
    assert found[0].gaps == ("Nobody owns this: Monitoring owner is vacant",)


def test_a_deactivated_owner_counts_as_nobody():
    gone = {OWNER: PEOPLE[OWNER].__class__(OWNER, "Priya", active=False)}
    assert {i.user_id for i in planned(program(item(DUE), people=gone))} == {MANAGER}


def test_p5_who_is_named_and_has_left_the_program_cannot_open_it_and_is_not_asked():
    """Nor who asked for a waiver: the role is asked instead, and told why."""
    guest = Person(9, "Gus")
    named = item(DUE, assignee=9)
    facts = program(named, people={9: guest})
    (asked,) = {asked_for_item(facts, named, on) for on in (DUE, DUE + timedelta(days=1))}
    gap = "Gus is named for this and has no role in the program any more"
    assert (asked.user_id, asked.part, asked.gaps) == (OWNER, Part.RESPONSIBLE, (gap,))
    vacant = item(DUE, assignee=9, role="monitoring-owner")
    asked = asked_for_item(program(vacant, people={9: guest}), vacant, DUE)
    assert (asked.user_id, len(asked.gaps)) == (MANAGER, 2)
    assert asked_by_name(facts, 9, "model-owner", DUE, Part.REQUESTER).user_id == OWNER
    # A seat, also a deputy's, or a wide right opens the program.
    roles = {"sponsor": RoleFacts("sponsor", "Executive sponsor", SPONSOR, 9)}
    for opens in (
        program(named, people={9: guest}, roles=roles),
        program(named, people={9: Person(9, "G", sees_all=True)}),
    ):
        assert asked_for_item(opens, named, DUE) == Addressee(9, Part.RESPONSIBLE, "model-owner")
        assert asked_by_name(opens, 9, "model-owner", DUE, Part.REQUESTER).user_id == 9


def test_absence_sends_the_deputy_and_only_on_those_days():
    away = {OWNER: absent(PEOPLE[OWNER], date(2026, 11, 16), date(2026, 11, 18))}
    by_day = {i.occurrence: i.user_id for i in planned(program(item(DUE), people=away))}
    assert by_day["T-5"] == OWNER
    assert by_day["T-1"] == by_day["T0"] == DEPUTY
    assert by_day["+1"] == OWNER


def test_absence_without_a_deputy_asks_the_manager_and_names_the_gap():
    away = {KEEPER: absent(PEOPLE[KEEPER], DUE, DUE)}
    today = [i for i in planned(program(item(DUE, role="finance-partner"), people=away)) if i.occurrence == "T0"]
    assert shape(today) == [("T0", "2026-11-18", MANAGER)]
    assert today[0].gaps == ("Dana is away and no deputy is named for Finance partner",)


def test_a_vacant_area_is_told_after_two_days_then_every_three():
    found = planned(program(areas=[area()]), to=datetime(2026, 10, 25, tzinfo=UTC))
    assert {i.user_id for i in found} == {SPONSOR, MANAGER}
    assert sorted({i.planned_on.isoformat() for i in found}) == ["2026-10-14", "2026-10-19", "2026-10-22"]


def test_p6_only_what_still_makes_sense_is_planned_after_downtime():
    late = datetime(2026, 11, 25, 3, tzinfo=UTC)
    assert shape(planned(program(item(DUE)), late, late + timedelta(hours=6))) == [
        ("+5", "2026-11-25", OWNER),
    ]
    earlier = datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert [i.occurrence for i in planned(program(item(DUE)), earlier, earlier)] == ["+3"]


def test_a_program_launched_late_does_not_send_its_past():
    facts = program(item(DUE), since=datetime(2026, 11, 24, tzinfo=UTC))
    assert [i.occurrence for i in planned(facts)] == ["+5", "+7", "+9"]


@pytest.mark.parametrize(
    ("moved_by", "again"), [(timedelta(days=1), False), (timedelta(days=7), False), (timedelta(days=8), True)]
)
def test_rule_3_a_sent_lead_is_repeated_only_after_a_longer_move(moved_by, again):
    past = [sent(DUE, date(2026, 11, 11), rule="item-due", occurrence="T-5")]
    found = planned(program(item(DUE + moved_by), past=past))
    assert ("T-5" in [i.occurrence for i in found]) is again


def test_p3_one_reminder_per_subject_person_and_day():
    facts = program(item(date(2026, 11, 3), event_id=30), events=[gate(date(2026, 11, 20))], areas=[area()])
    found = planned(facts, assume_sent=True)
    places = [(i.kind, i.item_id, i.user_id, i.planned_on) for i in found]
    assert len(places) == len(set(places))
    assert len({i.key for i in found}) == len(found)


def slow_item_days(due: date) -> dict[str, date]:
    """The dates of one item, found by walking the calendar a day at a time."""
    days, count, on = {}, 0, due
    while count < 5:
        on -= timedelta(days=1)
        count += CALENDAR.why_off(on) is None
        if count in (1, 5) and CALENDAR.why_off(on) is None:
            days[f"T-{count}"] = on
    if CALENDAR.why_off(due) is None:
        days["T0"] = due
    count, on = 0, due
    while count < 9:
        on += timedelta(days=1)
        if CALENDAR.why_off(on) is None:
            count += 1
            if count % 2:
                days[f"+{count}"] = on
    return days


@given(
    due=st.dates(date(2026, 1, 5), date(2028, 12, 31)),
    zone=st.sampled_from(["Asia/Kolkata", "America/New_York", "Pacific/Auckland", "America/Santiago", "Europe/Berlin"]),
    hour=st.integers(0, 23),
)
@settings(max_examples=150, deadline=None)
def test_p9_p10_the_planner_agrees_with_a_slow_walk(due, zone, hour):
    person = PEOPLE[OWNER].__class__(OWNER, "Priya", zone, hour)
    found = planned(
        program(item(due), people={OWNER: person}),
        datetime.combine(due, time(), UTC) - timedelta(days=40),
        datetime.combine(due, time(), UTC) + timedelta(days=40),
    )
    assert {i.occurrence: i.planned_on for i in found} == slow_item_days(due)
    for intent in found:
        seen = intent.not_before.astimezone(ZoneInfo(zone))
        assert seen.date() == intent.planned_on
        assert seen.hour == hour or seen.hour == hour + 1  # the hour that daylight saving skips
        assert intent.expires_at > intent.not_before


@given(cuts=st.lists(st.integers(0, 122 * 24), min_size=1, max_size=12, unique=True))
@settings(max_examples=60, deadline=None)
def test_p3_planning_in_pieces_or_at_once_finds_the_same(cuts):
    facts = program(item(DUE), item(date(2026, 12, 7), id=8), events=[gate(date(2026, 11, 20))], areas=[area()])
    whole = {i.key for i in planned(facts)}
    edges = [START, *(START + timedelta(hours=cut) for cut in sorted(cuts)), END]
    pieces = set()
    for left, right in itertools.pairwise(edges):
        pieces |= {i.key for i in planned(facts, left, right)}
    assert pieces == whole


def test_tasks_follow_the_same_rules_as_criteria():
    found = planned(program(item(DUE, kind=Kind.TASK)))
    assert next(i.key for i in found) == "task:7|item-due|T-5|2026-11-18|u3"
    assert len(found) == 8
