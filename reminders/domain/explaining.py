"""Why a reminder was planned for its day, in words: the working days counted, the days off left out (rule 8).

Pure. The sentences for the recipient are in `wording`, its rule is put into words by `rule_words`; these are for the
page that explains one reminder.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from programs.domain.calendar import WorkCalendar
from reminders.domain.rule_words import title
from reminders.domain.rules import Rule
from reminders.domain.wording import days
from reminders.enums import Kind, Outcome, RuleSlug

_SHOWN = 12
"""Days off that are named one by one."""

KINDS = {
    Kind.EVENT: "Gate or checkpoint",
    Kind.AREA: "Ownership area",
    Kind.STATUS: "Declared status",
    Kind.HOLD: "Hold of a gate",
    Kind.VIEW: "View of a gatekeeper",
    Kind.REVIEW: "Verification",
    Kind.CONTACT: "Stakeholder contact",
    Kind.DATA_GAP: "Data gap",
    Kind.GOVERNANCE: "Date after day 90",
    Kind.ACTION: "Mitigation action",
    Kind.ALERT: "Metric alert",
    Kind.UPDATE: "Status update to write",
    Kind.PUBLISHED: "Status update to read",
    Kind.ACCEPTANCE: "Accepted risk",
}
OUTCOMES = {
    Outcome.STARTED: "No answer yet; it may have been accepted",
    Outcome.ACCEPTED: "Accepted",
    Outcome.TEMPORARY: "Refused for now; tried again later",
    Outcome.PERMANENT: "Refused for good",
    Outcome.UNREACHABLE: "The server could not be reached",
    Outcome.UNCERTAIN: "The connection broke; it may have been accepted",
}


KEPT = "kept by the application"
"""What stands for a server's answer when a mail stayed in the application's own mailbox."""


def said(reply: str) -> str:
    """What the ledger says of the answer to a mail; empty when there was none."""
    if reply == KEPT:
        return "Kept in the application's mailbox"
    return f"The server said: {reply}" if reply else ""


@dataclass(frozen=True)
class Reckoning:
    """How the day of a reminder follows from its due date; `skipped` names the days off between, with their reason."""

    text: str
    skipped: tuple[tuple[date, str], ...] = ()
    unnamed: int = 0


_RULES, _KINDS = frozenset(RuleSlug), frozenset(Kind)


def rule_name(slug: str) -> str:
    """The rule's name for people."""
    return title(RuleSlug(slug)) if slug in _RULES else slug


def kind_name(kind: str) -> str:
    """What a reminder is about, for people."""
    return KINDS.get(Kind(kind), kind.capitalize()) if kind in _KINDS else kind


def reckoning(rule: Rule | None, occurrence: str, due: date, planned_on: date, calendar: WorkCalendar) -> Reckoning:
    """How `planned_on` follows from `due`; a ladder counts from when the step before was really sent."""
    if occurrence.startswith("T-"):
        return _between(f"{days(int(occurrence[2:]))} before it", planned_on, due, calendar)
    if occurrence == "T0":
        return Reckoning("on the day itself")
    if occurrence.startswith("+"):
        return _between(f"{days(int(occurrence[1:]))} after it", due, planned_on, calendar)
    if occurrence.startswith("rung-"):
        return Reckoning(f"level {occurrence[5:]} of the escalation path, at the moment its clock ran out")
    if occurrence in ("now", "digest"):
        return Reckoning("as soon as it was posted" if occurrence == "now" else "with the mail of the day")
    rungs = {rung.to: rung for rung in (*rule.gate_rungs, *rule.item_rungs)} if rule else {}
    if occurrence in rungs:
        wait = days(rungs[occurrence].wait)
        return Reckoning(f"step of the ladder: {wait} after the step before it was really sent")
    return Reckoning("")


def _between(text: str, first: date, last: date, calendar: WorkCalendar) -> Reckoning:
    inner = (first + timedelta(days=offset) for offset in range(1, max(1, (last - first).days)))
    off = [(on, why) for on in inner if (why := calendar.why_off(on))]
    return Reckoning(text, tuple(off[:_SHOWN]), max(0, len(off) - _SHOWN))
