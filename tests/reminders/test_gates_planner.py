"""What gates leave open is reminded of: conditions, endings, holds, views and verifications (G7, G8, G15, G22)."""

from datetime import UTC, date, datetime

import pytest

from reminders.domain.facts import EndingFacts, HoldFacts, RoundFacts, SeatFacts
from reminders.domain.gone import why_gone
from reminders.domain.planner import plan
from reminders.domain.wording import headline
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
    item,
    program,
    sent,
)

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
DUE = date(2026, 11, 18)  # a Wednesday
ROUND = RoundFacts(4, "gate-30", "Gate 30", DUE, (SeatFacts("finance-partner"),))
HOLD = HoldFacts(5, "gate-30", "Gate 30", DUE)


def ending(kind: Kind = Kind.WAIVER, **more) -> EndingFacts:
    """A waiver that Priya asked for and Ines approved."""
    values = {"requester": OWNER, "requester_role": "model-owner", "approver": SPONSOR, "approver_role": "sponsor"}
    return EndingFacts(kind, 3, "accuracy", "Waiver: accuracy", DUE, **{**values, **more})


def shape(facts, **more):
    found = plan(facts, RULES, START, more.pop("to", END), **more)
    return [(i.rule.value, i.occurrence, i.planned_on.isoformat(), i.user_id) for i in found]


def test_g15_a_condition_is_announced_then_due_then_overdue_at_most_five_times():
    found = shape(program(item(DUE, kind=Kind.CONDITION)))
    assert [row[:3] for row in found if row[3] == OWNER] == [
        ("item-due", "T-5", "2026-11-11"),
        ("item-due", "T-1", "2026-11-17"),
        ("item-due", "T0", "2026-11-18"),
        ("item-overdue", "+1", "2026-11-19"),
        ("item-overdue", "+3", "2026-11-23"),
        ("item-overdue", "+5", "2026-11-25"),
        ("item-overdue", "+7", "2026-11-27"),
        ("item-overdue", "+9", "2026-12-01"),
    ]


def test_g15_a_condition_climbs_the_ladder_once_its_overdue_mail_was_sent():
    past = [sent(DUE, date(2026, 11, 19), kind=Kind.CONDITION)]
    found = shape(program(item(DUE, kind=Kind.CONDITION), past=past))
    assert ("escalation", "deputy", "2026-11-23", DEPUTY) in found


def test_g15_a_condition_with_evidence_asks_its_verifier_and_no_longer_its_owner():
    found = plan(program(item(DUE, kind=Kind.CONDITION, handed_in=True)), RULES, START, END)
    assert {(i.user_id, i.part) for i in found} == {(KEEPER, Part.VERIFIER)}


@pytest.mark.parametrize("kind", [Kind.WAIVER, Kind.ACCEPTANCE, Kind.STATUS])
def test_g7_an_ending_is_told_to_who_asked_and_who_approved_and_not_afterwards(kind):
    found = shape(program(endings=[ending(kind)]))
    assert sorted(found) == [
        ("expiry", lead, day, who)
        for lead, day in (("T-1", "2026-11-17"), ("T-5", "2026-11-11"), ("T0", "2026-11-18"))
        for who in (SPONSOR, OWNER)
    ]


def test_g7_who_asked_and_approved_in_one_person_is_told_once():
    found = shape(program(endings=[ending(approver=OWNER)]))
    assert [row[3] for row in found] == [OWNER] * 3


def test_g7_an_absent_approver_is_replaced_and_one_who_left_too():
    away = {SPONSOR: absent(PEOPLE[SPONSOR], date(2026, 11, 1), date(2026, 11, 30))}
    assert {row[3] for row in shape(program(endings=[ending()], people=away))} == {OWNER, MANAGER}
    assert {row[3] for row in shape(program(endings=[ending(approver=None)]))} == {OWNER, SPONSOR}


def test_g8_the_review_of_a_hold_is_announced_and_asked_for_until_decided():
    found = shape(program(holds=[HOLD]))
    assert {row[3] for row in found} == {MANAGER, SPONSOR}
    assert [row[:3] for row in found if row[3] == SPONSOR] == [
        ("hold-review", "T-5", "2026-11-11"),
        ("hold-review", "T-1", "2026-11-17"),
        ("hold-review", "T0", "2026-11-18"),
        ("hold-review", "+1", "2026-11-19"),
        ("hold-review", "+3", "2026-11-23"),
        ("hold-review", "+5", "2026-11-25"),
        ("hold-review", "+7", "2026-11-27"),
        ("hold-review", "+9", "2026-12-01"),
    ]


def test_g22_a_silent_gatekeeper_is_asked_the_next_morning_and_every_two_days_without_end():
    found = shape(program(rounds=[ROUND]), to=datetime(2026, 11, 27, tzinfo=UTC))
    assert found == [
        ("view-wanted", "+1", "2026-11-19", KEEPER),
        ("view-wanted", "+3", "2026-11-23", KEEPER),
        ("view-wanted", "+5", "2026-11-25", KEEPER),
    ]


def test_g22_who_has_spoken_is_left_alone():
    assert shape(program(rounds=[RoundFacts(4, "gate-30", "Gate 30", DUE)])) == []


def test_g22_the_alternate_is_asked_in_place_of_the_gatekeeper():
    round_ = RoundFacts(4, "gate-30", "Gate 30", DUE, (SeatFacts("finance-partner", DEPUTY),))
    assert {row[3] for row in shape(program(rounds=[round_]))} == {DEPUTY}


def test_g22_a_vacant_gatekeeper_is_the_managers_gap():
    round_ = RoundFacts(4, "gate-30", "Gate 30", DUE, (SeatFacts("monitoring-owner"),))
    found = plan(program(rounds=[round_]), RULES, START, END)
    assert {(i.user_id, i.part) for i in found} == {(MANAGER, Part.STAND_IN)}
    assert found[0].gaps == ("Monitoring owner is vacant",)


def test_a_verification_is_asked_for_the_next_morning_and_every_two_days():
    far = item(date(2027, 1, 29), handed_in=True, asked_on=DUE)
    found = [r for r in shape(program(far), to=datetime(2026, 11, 27, tzinfo=UTC)) if r[0] == "verify-wanted"]
    assert found == [
        ("verify-wanted", "+1", "2026-11-19", KEEPER),
        ("verify-wanted", "+3", "2026-11-23", KEEPER),
        ("verify-wanted", "+5", "2026-11-25", KEEPER),
    ]


def test_a_verification_and_its_due_date_are_one_reminder_a_day():
    facts = program(item(date(2026, 11, 19), handed_in=True, asked_on=DUE))
    found = [i for i in plan(facts, RULES, START, END) if i.planned_on == date(2026, 11, 19)]
    assert [(i.user_id, i.rule) for i in found] == [(KEEPER, RuleSlug.ITEM_DUE)]


def test_nobody_is_asked_to_verify_what_was_not_handed_in():
    assert not [r for r in shape(program(item(DUE, asked_on=DUE))) if r[0] == "verify-wanted"]


def test_p11_an_inactive_program_asks_for_nothing():
    assert shape(program(endings=[ending()], holds=[HOLD], rounds=[ROUND], active=False)) == []


@pytest.mark.parametrize(
    ("kind", "item_id", "facts"),
    [
        (Kind.WAIVER, 3, {"endings": [ending()]}),
        (Kind.HOLD, 5, {"holds": [HOLD]}),
        (Kind.VIEW, 4, {"rounds": [ROUND]}),
    ],
)
def test_the_ledger_says_why_one_is_gone(kind, item_id, facts):
    assert why_gone(program(), kind, item_id, OWNER, DUE) == "Done before it was due to be sent"
    assert why_gone(program(**facts), kind, item_id, OWNER, DUE).startswith("Somebody else is asked now")
    assert why_gone(program(**facts), kind, item_id, OWNER, date(2026, 11, 1)) == "The date moved to 2026-11-18"


@pytest.mark.parametrize(
    ("rule", "today", "words"),
    [
        (RuleSlug.EXPIRY, date(2026, 11, 17), "Ends tomorrow"),
        (RuleSlug.EXPIRY, DUE, "Ends today"),
        (RuleSlug.VIEW_WANTED, date(2026, 11, 19), "Your view is wanted since Wed 18 Nov"),
        (RuleSlug.VERIFY_WANTED, date(2026, 11, 19), "Your verification is wanted since Wed 18 Nov"),
        (RuleSlug.HOLD_REVIEW, date(2026, 11, 19), "Review of the hold overdue by 1 working day"),
    ],
)
def test_what_the_mail_says(rule, today, words):
    assert headline(rule, DUE, today, CALENDAR) == words
