"""What one person asked for: fewer reminders, never more, and never without the last one before a gate.

Pure. What comes ahead of a date may be made fewer; what comes because somebody is asked, something is late or an
escalation runs may not: nobody can switch off what others rely on. The planner, the preview and the last look before
sending all ask `wants`, so they agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from programs.domain.calendar import WorkCalendar
from reminders.domain.rules import Rule
from reminders.enums import Choice, RuleSlug, Style

MOST_QUIET = 4
"""Quiet days of a week: of any five working days at least one stays on which mail can arrive."""
LOOK_BACK = 14
"""Days looked back for a day on which a lead can still be told ahead of its date."""

ALLOWED: Mapping[RuleSlug, tuple[Choice, ...]] = {
    RuleSlug.GATE_AHEAD: (Choice.ALL, Choice.LAST),
    RuleSlug.CHECKPOINT_AHEAD: (Choice.ALL, Choice.LAST),
    RuleSlug.ITEM_DUE: (Choice.ALL, Choice.LAST, Choice.NONE),
    RuleSlug.EXPIRY: (Choice.ALL, Choice.LAST),
    RuleSlug.HOLD_REVIEW: (Choice.ALL, Choice.LAST),
    RuleSlug.RISK_REVIEW: (Choice.ALL, Choice.LAST, Choice.NONE),
    RuleSlug.GOVERNANCE_AHEAD: (Choice.ALL, Choice.LAST),
    RuleSlug.UPDATE_DUE: (Choice.ALL, Choice.NONE),
    RuleSlug.UPDATE_PUBLISHED: (Choice.ALL, Choice.NONE),
}
"""What a person may choose for a rule; a rule that is not here cannot be made fewer."""

KEEPS: Mapping[RuleSlug, str] = {
    RuleSlug.GATE_AHEAD: "The last one before the gate and the one on its day always come: others wait for the gate.",
    RuleSlug.CHECKPOINT_AHEAD: "The last one before the checkpoint always comes: it is recorded on its day.",
    RuleSlug.EXPIRY: "The last one before the end always comes: when it ends, what it covered is open again.",
    RuleSlug.HOLD_REVIEW: "The last one before the review always comes: a hold that nobody reviews turns red.",
    RuleSlug.GOVERNANCE_AHEAD: "The last one before the date always comes: nobody else is told of it.",
}
"""Why a rule that may be made fewer may not be switched off."""

_WHY_NOT: Mapping[RuleSlug, str] = {
    RuleSlug.GATE_OVERDUE: "A gate without a decision holds up everybody.",
    RuleSlug.ITEM_OVERDUE: "It is yours and late, and what follows is an escalation to others.",
    RuleSlug.ESCALATION: "An escalation reaches you because others did not answer.",
    RuleSlug.PATH_RUNG: "An escalation reaches you because others did not answer.",
    RuleSlug.AREA_VACANT: "A gap nobody hears of stays a gap.",
    RuleSlug.AREA_UNACCEPTED: "A gap nobody hears of stays a gap.",
    RuleSlug.VIEW_WANTED: "You are asked to decide, and silence is no answer.",
    RuleSlug.VERIFY_WANTED: "Somebody has handed in work and waits for you.",
    RuleSlug.BRIEF_WANTED: "You are asked by name and nobody can answer for you.",
    RuleSlug.SIGNATURE_WANTED: "You are asked by name and nobody can answer for you.",
    RuleSlug.OWNERSHIP_WAITING: "You are asked by name and nobody can answer for you.",
    RuleSlug.CONTACT_OVERDUE: "It is yours and late.",
    RuleSlug.READING_OVERDUE: "It is yours and late.",
    RuleSlug.GOVERNANCE_OVERDUE: "It is yours and late.",
    RuleSlug.INVITATION: "It is declined under Calendars in your profile.",
    RuleSlug.LIMIT_BREACHED: "A limit is breached and the clock of its escalation runs.",
    RuleSlug.UPDATE_MISSED: "It is late, and the program shows no status meanwhile.",
}


@dataclass(frozen=True)
class Preferences:
    """One person's wishes. `quiet` holds weekdays with Monday = 0; a rule without a choice is wanted in full."""

    quiet: frozenset[int] = frozenset()
    style: Style = Style.DIGEST
    week: bool = False
    choices: Mapping[RuleSlug, Choice] = field(default_factory=dict)

    def choice(self, rule: RuleSlug) -> Choice:
        """What the person chose for a rule; a choice that is not allowed (any more) counts as everything."""
        chosen = self.choices.get(rule, Choice.ALL)
        return chosen if chosen in ALLOWED.get(rule, ()) else Choice.ALL


PLAIN = Preferences()
"""Of somebody who never chose anything: everything, one mail a day."""


def optional(rule: RuleSlug) -> bool:
    """Whether a person may ask for fewer of these, or (my week) switch them off."""
    return rule in ALLOWED or rule is RuleSlug.MY_WEEK


def reason_why_not(rule: RuleSlug) -> str:
    """Why a person may not ask for fewer; empty when they may."""
    return "" if optional(rule) else _WHY_NOT.get(rule, "It asks for something only you can do.")


def least(rule: RuleSlug) -> Choice:
    """The fewest a person may ask for: none where that is allowed, else the last one."""
    return ALLOWED[rule][-1] if rule in ALLOWED else Choice.ALL


def last_lead(rule: Rule) -> int:
    """The last lead before the date itself; 0 for a rule that only knows the day."""
    return min((lead for lead in rule.leads if lead), default=0)


def wants(preferences: Preferences, rule: RuleSlug, lead: int | None, last: int) -> bool:
    """Whether a person wants one reminder of a rule; `last` is the rule's `last_lead`.

    `lead` is None for what follows a date (overdue, asked again): that always comes, except news and my week, which
    follow nothing. The day of a gate always comes.
    """
    if rule is RuleSlug.MY_WEEK:
        return preferences.week
    if lead is None and rule is not RuleSlug.UPDATE_PUBLISHED:
        return True
    match preferences.choice(rule):
        case Choice.ALL:
            return True
        case Choice.LAST:
            return lead == last or (lead == 0 and rule is RuleSlug.GATE_AHEAD)
        case Choice.NONE:
            return False


def could_go(rule: RuleSlug, lead: int | None, last: int) -> bool:
    """Whether this very reminder would not have come, had the person asked for the fewest."""
    fewest = Preferences(choices={rule: least(rule)})
    return not wants(fewest, rule, lead, last)


def lead_of(occurrence: str) -> int | None:
    """The lead an occurrence's name stands for ("T-5" is 5, "T0" is 0); None for anything that follows a date."""
    if occurrence == "T0":
        return 0
    return int(occurrence[2:]) if occurrence.startswith("T-") and occurrence[2:].isdigit() else None


def quiet_in(quiet: frozenset[int], calendar: WorkCalendar) -> frozenset[int]:
    """The quiet days that count in a program: none when they would leave it no working day of the week."""
    return quiet if frozenset(range(7)) - calendar.weekend - quiet else frozenset()


def ahead_of_quiet(
    on: date, quiet: frozenset[int], calendar: WorkCalendar, absences: tuple[tuple[date, date], ...]
) -> date:
    """The day on which a lead planned for `on` is told: the last day up to it that is neither quiet nor off.

    Leads move forward in time like a date's "1 before" moves off a weekend, since a "1 before" makes no sense after
    its date (rule 2). `on` itself when there is no such day within two weeks.
    """
    blocked = quiet_in(quiet, calendar)
    for back in range(LOOK_BACK if on.weekday() in blocked else 0):
        day = on - timedelta(days=back)
        away = any(first <= day <= last for first, last in absences)
        if day.weekday() not in blocked and calendar.is_working_day(day) and not away:
            return day
    return on


def why_unwanted(name: str, preferences: Preferences, rule: RuleSlug) -> str:
    """The ledger's reason for a reminder its recipient did not want."""
    if rule is RuleSlug.MY_WEEK:
        return f"{name} switched the weekly overview off"
    chosen = preferences.choice(rule)
    return f"{name} wants none of these" if chosen is Choice.NONE else f"{name} wants only the last one of these"


def fault_of_quiet(quiet: frozenset[int]) -> str:
    """What is wrong with a choice of quiet days, empty when nothing is."""
    too_many = len(quiet) > MOST_QUIET
    return f"Choose at most {MOST_QUIET} days, so that something can still reach you." if too_many else ""
