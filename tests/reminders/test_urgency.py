"""What a mail opens with: the gate of today before everything else, then what was escalated, then by days left."""

from reminders.domain.intents import urgency
from reminders.enums import RuleSlug


def test_the_gate_of_today_speaks_first_and_a_distant_one_last() -> None:
    ordered = [
        (RuleSlug.GATE_AHEAD, 0),
        (RuleSlug.ESCALATION, None),
        (RuleSlug.GATE_OVERDUE, None),
        (RuleSlug.ITEM_OVERDUE, None),
        (RuleSlug.ITEM_DUE, 0),
        (RuleSlug.ITEM_DUE, 1),
        (RuleSlug.GATE_AHEAD, 1),
        (RuleSlug.GATE_AHEAD, 10),
    ]
    ranks = [urgency(rule, lead) for rule, lead in ordered]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
