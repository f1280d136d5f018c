"""Fewer, never more, never without the last one before a gate; quiet days; my week; why something is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.domain.calendar import WorkCalendar
from reminders.domain.hours import next_decent_hour
from reminders.domain.left_out import CHANGED, OFF, why_left_out
from reminders.domain.planner import plan
from reminders.domain.preferences import (
    ALLOWED,
    MOST_QUIET,
    PLAIN,
    Preferences,
    could_go,
    fault_of_quiet,
    last_lead,
    lead_of,
    optional,
    quiet_in,
    reason_why_not,
    wants,
)
from reminders.domain.rule_words import purpose, title, when, who
from reminders.domain.rules import parse_rule
from reminders.domain.weeks import week_of
from reminders.enums import Choice, Kind, RuleSlug
from tests.reminders.facts import CALENDAR, KEEPER, MANAGER, OWNER, PEOPLE, RULES, absent, gate, item, program

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
BY_SLUG = {rule.slug: rule for rule in RULES}
FRIDAY = 4
wishes = st.fixed_dictionaries({slug: st.sampled_from(list(Choice)) for slug in ALLOWED})
dues = st.dates(date(2026, 10, 20), date(2026, 12, 20))


def asking(**wanted) -> dict:
    """Everybody in the program with the same wishes."""
    return {pk: replace(person, preferences=Preferences(**wanted)) for pk, person in PEOPLE.items()}


@settings(max_examples=60, deadline=None)
@given(wishes, dues, dues)
def test_wishes_never_add_and_never_drop_what_others_rely_on(choices, due, gate_day):
    """Also holds when a stored choice is one that is not allowed: it counts as none."""
    facts = program(item(due), item(due + timedelta(days=3), id=8), events=[gate(gate_day), gate(due, id=45)])
    facts = replace(facts, events=(facts.events[0], replace(facts.events[1], is_gate=False)))
    plain = plan(facts, RULES, START, END, assume_sent=True)
    fewer = plan(replace(facts, people=asking(choices=choices)), RULES, START, END, assume_sent=True)
    place = [{(i.kind, i.item_id, i.user_id, i.planned_on) for i in found} for found in (plain, fewer)]
    assert place[1] <= place[0]
    kept = {intent.key for intent in fewer}
    for intent in plain:
        before_gate = intent.rule is RuleSlug.GATE_AHEAD and intent.lead in (1, 0)
        if intent.lead is None or before_gate:
            assert intent.key in kept, intent


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 6), max_size=MOST_QUIET), dues)
def test_quiet_days_move_leads_ahead_and_lose_no_last_reminder_before_a_gate(quiet, gate_day):
    facts = program(events=[gate(gate_day)], people=asking(quiet=frozenset(quiet)))
    found = [i for i in plan(facts, RULES, START, END) if i.rule is RuleSlug.GATE_AHEAD]
    plain = {i.key: i for i in plan(program(events=[gate(gate_day)]), RULES, START, END)}
    for intent in found:
        moved = intent.planned_on.weekday() in quiet
        assert not moved or intent.lead == 0
        assert intent.planned_on <= plain[intent.key].planned_on
        assert CALENDAR.is_working_day(intent.planned_on) or intent.lead == 0
    for who_ in {i.user_id for i in plain.values()}:
        assert {i.lead for i in found if i.user_id == who_} >= {1, 0}


def test_a_lead_on_a_quiet_day_is_planned_before_that_day_comes_into_the_engines_sight():
    """The horizon is 36 hours; the Monday lead of somebody quiet on Friday and Monday is told on Thursday."""
    people = asking(quiet=frozenset({0, FRIDAY}))
    facts = program(events=[gate(date(2026, 11, 17))], people=people)  # a Tuesday: T-1 is Monday
    now = datetime(2026, 11, 11, 12, tzinfo=UTC)  # Wednesday
    found = plan(facts, RULES, now, now + timedelta(hours=36))
    assert {(i.lead, i.planned_on) for i in found} == {(1, date(2026, 11, 12))}


def test_quiet_days_move_what_is_late_to_the_next_decent_day_but_not_a_gate_of_today():
    person = replace(PEOPLE[OWNER], zone="UTC", preferences=Preferences(quiet=frozenset({0, FRIDAY})))
    friday = datetime(2026, 11, 13, 8, tzinfo=UTC)
    later = next_decent_hour(friday, person, CALENDAR, late_until=20)
    assert later == datetime(2026, 11, 17, 8, tzinfo=UTC)
    assert next_decent_hour(friday, person, CALENDAR, late_until=20, any_day=friday.date()) == friday


def test_quiet_days_that_would_leave_no_working_day_do_not_count():
    short = WorkCalendar(weekend=frozenset({4, 5, 6}))
    everything = frozenset({0, 1, 2, 3})
    assert quiet_in(everything, short) == frozenset()
    assert quiet_in(everything, CALENDAR) == everything
    assert fault_of_quiet(everything) == ""
    assert "at most 4" in fault_of_quiet(everything | {4})


@pytest.mark.parametrize(
    ("rule", "choice", "lead", "wanted"),
    [
        (RuleSlug.GATE_AHEAD, Choice.LAST, 10, False),
        (RuleSlug.GATE_AHEAD, Choice.LAST, 1, True),
        (RuleSlug.GATE_AHEAD, Choice.LAST, 0, True),
        (RuleSlug.GATE_AHEAD, Choice.NONE, 10, True),  # not allowed, so it counts as all
        (RuleSlug.ITEM_DUE, Choice.LAST, 0, False),
        (RuleSlug.ITEM_DUE, Choice.LAST, 1, True),
        (RuleSlug.ITEM_DUE, Choice.NONE, 1, False),
        (RuleSlug.RISK_REVIEW, Choice.NONE, None, True),  # late: always
        (RuleSlug.ITEM_OVERDUE, Choice.NONE, None, True),
        (RuleSlug.ESCALATION, Choice.NONE, None, True),
        (RuleSlug.UPDATE_PUBLISHED, Choice.NONE, None, False),
        (RuleSlug.MY_WEEK, Choice.ALL, None, False),  # nobody gets it without asking
    ],
)
def test_what_a_choice_leaves(rule, choice, lead, wanted):
    assert wants(Preferences(choices={rule: choice}), rule, lead, 1) is wanted


def test_every_rule_is_optional_or_says_why_not_and_has_words():
    for rule in RULES:
        assert optional(rule.slug) != bool(reason_why_not(rule.slug))
        assert title(rule.slug)
        assert purpose(rule.slug)
        assert who(rule)
    assert when(BY_SLUG[RuleSlug.GATE_AHEAD]) == ("10, 5, 2 and 1 working days before and on the day",)
    assert when(BY_SLUG[RuleSlug.ITEM_OVERDUE]) == (
        "the next working day after, then every 2 working days, at most 5 times",
    )
    assert [lead_of(word) for word in ("T-10", "T0", "+1", "now")] == [10, 0, None, None]
    assert could_go(RuleSlug.GATE_AHEAD, 5, 1)
    assert not could_go(RuleSlug.GATE_AHEAD, 1, 1)
    assert not could_go(RuleSlug.ITEM_OVERDUE, None, 0)


def test_why_a_reminder_is_left_out_is_told_by_rule_and_by_wish():
    fewer = program(people=asking(choices={RuleSlug.ITEM_DUE: Choice.LAST}))
    changed = [parse_rule({"slug": "item-due", "leads": [3, 1]}), parse_rule({"slug": "gate-ahead", "enabled": False})]
    assert why_left_out(fewer, RULES, "item-due", "T-5", OWNER) == "Priya wants only the last one of these"
    assert why_left_out(fewer, RULES, "item-due", "T-1", OWNER) == ""
    assert why_left_out(program(), changed, "item-due", "T-5", OWNER) == CHANGED
    assert why_left_out(program(), changed, "gate-ahead", "T-5", OWNER) == OFF
    assert why_left_out(program(), RULES, "item-overdue", "+3", OWNER) == ""
    assert why_left_out(program(), RULES, "item-overdue", "+2", OWNER) == CHANGED
    assert why_left_out(program(), RULES, "item-overdue", "+11", OWNER) == CHANGED  # at most five times


MONDAY = date(2026, 11, 16)


def weekly(facts):
    found = [i for i in plan(facts, RULES, START, datetime(2026, 11, 30, tzinfo=UTC)) if i.rule is RuleSlug.MY_WEEK]
    return [(i.occurrence, i.planned_on, i.label, i.user_id) for i in found]


def test_my_week_comes_on_its_first_morning_to_who_asked_and_only_with_something_in_it():
    asked = {OWNER: replace(PEOPLE[OWNER], preferences=Preferences(week=True))}
    facts = program(item(date(2026, 11, 20)), item(date(2026, 11, 23), id=8), people=asked)
    assert weekly(program(item(date(2026, 11, 20)))) == []
    assert weekly(facts) == [
        ("2026-W47", MONDAY, "1 thing due in Claims triage assistant", OWNER),
        ("2026-W48", MONDAY + timedelta(days=7), "2 things due in Claims triage assistant", OWNER),
    ]
    quiet = {OWNER: replace(asked[OWNER], preferences=Preferences(week=True, quiet=frozenset({0})))}
    assert weekly(replace(facts, people={**PEOPLE, **quiet}))[0][1] == MONDAY + timedelta(days=1)
    away = {OWNER: absent(asked[OWNER], MONDAY, MONDAY + timedelta(days=6))}
    assert [row[0] for row in weekly(replace(facts, people={**PEOPLE, **away}))] == ["2026-W48"]


def test_my_week_has_what_is_asked_of_me_late_first():
    facts = program(
        item(date(2026, 11, 20)),
        item(date(2026, 11, 10), id=9, role="finance-partner"),
        events=[gate(date(2026, 11, 18)), gate(date(2026, 12, 18), id=60)],
    )
    titles = [[line.title for line in week_of(facts, pk, MONDAY)] for pk in (OWNER, KEEPER, MANAGER)]
    assert titles == [["Criterion 7"], ["Criterion 9", "Gate 30"], ["Gate 30"]]


def test_a_plain_person_gets_what_the_rules_say():
    assert Preferences() == PLAIN
    assert all(wants(PLAIN, rule.slug, lead, last_lead(rule)) for rule in RULES for lead in rule.leads)
    assert Kind.WEEK.value == "week"
