"""What the planner knows of an answer to a reminder. Plain values."""

from dataclasses import dataclass
from datetime import date

from reminders.enums import AnswerWord, Kind, Part, RuleSlug


@dataclass(frozen=True)
class AnswerFacts:
    """One person's answer about one due date of one subject, given on `on`; reminders go on on `until`.

    `rule` is the rule that is silent meanwhile and speaks again; `part` and `role` are those in which they were asked.
    `note` and `named` are what was said with an acknowledgement.
    """

    word: AnswerWord
    kind: Kind
    item_id: int
    due: date
    user_id: int
    on: date
    until: date
    rule: RuleSlug
    part: Part
    role: str
    note: str = ""
    named: date | None = None
