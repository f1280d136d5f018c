"""What the charter waits for is reminded of: signatures, acknowledgements, contacts, gaps, dependencies (S28-S42)."""

from datetime import UTC, date, datetime

import pytest

from reminders.domain.facts import WantedFacts
from reminders.domain.gone import DONE, why_gone
from reminders.domain.planner import plan
from reminders.domain.wording import headline
from reminders.enums import Kind, RuleSlug
from tests.reminders.facts import CALENDAR, DEPUTY, MANAGER, OWNER, PEOPLE, RULES, absent, item, program

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
SINCE = date(2026, 11, 18)  # a Wednesday
RULE_OF = {
    Kind.SIGNATURE: RuleSlug.SIGNATURE_WANTED,
    Kind.BRIEF: RuleSlug.BRIEF_WANTED,
    Kind.CONTACT: RuleSlug.CONTACT_OVERDUE,
}


def wanted(kind: Kind = Kind.SIGNATURE, *, role: str = "model-owner", since: date = SINCE) -> WantedFacts:
    """Something that Priya (deputy Sven) is asked for."""
    return WantedFacts(kind, 9, "slug", "Problem statement", since, role, RULE_OF[kind])


def shape(facts, to=END):
    found = plan(facts, RULES, START, to)
    return [(i.occurrence, i.planned_on.isoformat(), i.user_id) for i in found]


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (Kind.SIGNATURE, ["2026-11-19", "2026-11-23", "2026-11-25"]),
        (Kind.BRIEF, ["2026-11-20", "2026-11-25", "2026-11-30"]),
        (Kind.CONTACT, ["2026-11-19", "2026-11-26", "2026-12-03"]),
    ],
)
def test_it_is_asked_for_again_and_again_until_it_is_given(kind, days):
    found = shape(program(wanted=(wanted(kind),)))
    assert [day for _, day, who in found if who == OWNER][:3] == days
    assert shape(program()) == []


def test_s41_a_group_is_reminded_of_five_times_and_then_left_to_the_page():
    assert len(shape(program(wanted=(wanted(Kind.CONTACT),)))) == 5


def test_a_deputy_is_asked_in_absence_and_the_manager_where_nobody_is():
    away = {OWNER: absent(PEOPLE[OWNER], date(2026, 11, 1), date(2026, 12, 31))}
    found = plan(program(wanted=(wanted(),), people=away), RULES, START, datetime(2026, 11, 20, tzinfo=UTC))
    assert {intent.user_id for intent in found} == {DEPUTY}
    found = plan(program(wanted=(wanted(role="monitoring-owner"),)), RULES, START, datetime(2026, 11, 20, tzinfo=UTC))
    assert [(intent.user_id, intent.gaps) for intent in found] == [(MANAGER, ("Monitoring owner is vacant",))]


@pytest.mark.parametrize("kind", [Kind.DATA_GAP, Kind.DEPENDENCY])
def test_gaps_and_dependencies_are_due_and_overdue_like_other_items(kind):
    found = plan(program(item(SINCE, kind=kind)), RULES, START, END)
    assert [i.occurrence for i in found if i.user_id == OWNER][:4] == ["T-5", "T-1", "T0", "+1"]


def test_the_ledger_says_why_it_was_not_sent():
    facts = program(wanted=(wanted(),))
    assert why_gone(program(), Kind.SIGNATURE, 9, OWNER, SINCE) == DONE
    assert why_gone(facts, Kind.SIGNATURE, 9, OWNER, date(2026, 11, 1)) == "The date moved to 2026-11-18"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (RuleSlug.SIGNATURE_WANTED, "Your signature is wanted since Wed 18 Nov"),
        (RuleSlug.BRIEF_WANTED, "Your acknowledgement is wanted since Wed 18 Nov"),
        (RuleSlug.CONTACT_OVERDUE, "Contact overdue since Wed 18 Nov"),
    ],
)
def test_the_words_say_what_is_wanted(rule, words):
    assert headline(rule, SINCE, date(2026, 11, 20), CALENDAR) == words
