"""A reminder that ought to exist: what the planner answers, and the keys that make it one of a kind.

Pure. Nothing random enters a key: the same facts give the same key on every machine and at every time (P3).
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from reminders.enums import Kind, Part, RuleSlug


@dataclass(frozen=True)
class Intent:
    """One reminder for one person.

    `planned_on` is a date of the program's calendar; `not_before` is the recipient's hour on it, as an instant, and
    from `expires_at` on the reminder has no sense any more. `any_day` lets it out on a day off ("gate today").
    """

    kind: Kind
    item_id: int
    item_slug: str
    label: str
    rule: RuleSlug
    occurrence: str
    due: date
    user_id: int
    part: Part
    role: str
    gaps: tuple[str, ...]
    planned_on: date
    not_before: datetime
    expires_at: datetime
    urgency: int
    lead: int | None = None
    any_day: bool = False

    @property
    def key(self) -> str:
        """The unique key of the delivery row (rule 1 of the reminders)."""
        return delivery_key(self.kind, self.item_id, self.rule, self.occurrence, self.due, self.user_id)

    @property
    def alone(self) -> bool:
        """Whether it may go out although the person already had the mail of the day (rule 4).

        Of a gate not only its own day: who learns of a gate that was moved near must not lose the day's notice.
        """
        urgent = self.rule in (RuleSlug.ESCALATION, RuleSlug.LIMIT_BREACHED, RuleSlug.PATH_RUNG)
        at_once = self.rule is RuleSlug.UPDATE_PUBLISHED and self.occurrence == "now"
        return urgent or at_once or self.rule is RuleSlug.GATE_AHEAD


def delivery_key(kind: str, item_id: int, rule: str, occurrence: str, due: date, user_id: int) -> str:
    """`<kind>:<id>|<rule>|<occurrence>|<due date>|u<user id>`."""
    return f"{kind}:{item_id}|{rule}|{occurrence}|{due.isoformat()}|u{user_id}"


def daily_key(user_id: int, on: date) -> str:
    """The key of a person's one mail of their local day."""
    return f"daily|u{user_id}|{on.isoformat()}"


def week_key(user_id: int, week: str) -> str:
    """The key of a person's one weekly overview; `week` is an ISO week such as "2026-W05"."""
    return f"week|u{user_id}|{week}"


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the mail with `key`: fixed, so that a repeat after a crash can be recognised (P2)."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


_URGENCY = {
    RuleSlug.ESCALATION: 10,
    RuleSlug.GATE_OVERDUE: 200,
    RuleSlug.ITEM_OVERDUE: 300,
    RuleSlug.GATE_AHEAD: 500,
    RuleSlug.ITEM_DUE: 450,
    RuleSlug.CHECKPOINT_AHEAD: 520,
    RuleSlug.AREA_VACANT: 600,
    RuleSlug.HOLD_REVIEW: 350,
    RuleSlug.VIEW_WANTED: 360,
    RuleSlug.VERIFY_WANTED: 505,
    RuleSlug.EXPIRY: 460,
    RuleSlug.BRIEF_WANTED: 508,
    RuleSlug.SIGNATURE_WANTED: 340,
    RuleSlug.CONTACT_OVERDUE: 540,
    RuleSlug.GOVERNANCE_AHEAD: 470,
    RuleSlug.OWNERSHIP_WAITING: 470,
    RuleSlug.RISK_REVIEW: 480,
    RuleSlug.LIMIT_BREACHED: 150,
    RuleSlug.READING_OVERDUE: 470,
    RuleSlug.PATH_RUNG: 5,
    RuleSlug.UPDATE_DUE: 470,
    RuleSlug.UPDATE_MISSED: 340,
    RuleSlug.UPDATE_PUBLISHED: 700,
    RuleSlug.AREA_UNACCEPTED: 605,
    RuleSlug.GOVERNANCE_OVERDUE: 345,
    RuleSlug.MY_WEEK: 800,
}


def urgency(rule: RuleSlug, lead: int | None) -> int:
    """Smaller is more urgent: the gate of today, escalations, what is overdue, then by days left."""
    if lead == 0:
        return 0 if rule is RuleSlug.GATE_AHEAD else 400
    return _URGENCY[rule] + 10 * (lead or 0)
