"""Loose rule data is checked: each fault is named with its place."""

import pytest

from reminders.domain.rules import RuleError, parse_rule, parse_rules
from tests.reminders.facts import RULES


def test_the_shipped_rules_are_the_promised_ones():
    by_slug = {rule.slug: rule for rule in RULES}
    assert by_slug["gate-ahead"].leads == (10, 5, 2, 1, 0)
    assert by_slug["item-due"].leads == (5, 1, 0)
    assert (by_slug["item-overdue"].first, by_slug["item-overdue"].every, by_slug["item-overdue"].at_most) == (1, 2, 5)
    assert [rung.to for rung in by_slug["escalation"].item_rungs] == ["deputy", "program-manager", "sponsor"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"slug": "gate-behind"}, "gate-behind: not a rule"),
        ({}, r"\(no slug\): not a rule"),
        ({"slug": "item-due", "leads": [5, -1]}, "item-due: leads: -1 is not a whole number"),
        ({"slug": "item-due", "leads": [True]}, "item-due: leads: True is not"),
        ({"slug": "item-due", "colour": "red"}, "item-due: colour: not a setting"),
        ({"slug": "item-due", "audience": ["everybody"]}, "item-due: audience: 'everybody' is not one of"),
        ({"slug": "item-overdue", "first": 1}, "item-overdue: every: must be 1 or more"),
        ({"slug": "escalation", "item_rungs": [{"to": "deputy", "wait": 0}]}, "waits at least one working day"),
        ({"slug": "escalation", "item_rungs": [{"to": "boss", "wait": 1}]}, "'boss' is not one of"),
    ],
)
def test_a_malformed_rule_names_its_place(data, message):
    with pytest.raises(RuleError, match=message):
        parse_rule(data)


def test_a_rule_may_be_listed_once():
    with pytest.raises(RuleError, match="item-due: listed twice"):
        parse_rules([{"slug": "item-due"}, {"slug": "item-due"}])
