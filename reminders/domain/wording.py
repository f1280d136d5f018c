"""What a reminder says in one line, and why it came. Pure; the mail's layout is in the templates."""

from datetime import date

from programs.domain.calendar import WorkCalendar
from reminders.enums import Part, RuleSlug

RED_AFTER = 5
"""Working days after which an undecided gate is called red (G12)."""


def short_date(on: date, today: date) -> str:
    """`Fri 27 Mar`, with the year when it is not this one."""
    text = f"{on:%a} {on.day} {on:%b}"
    return text if on.year == today.year else f"{text} {on.year}"


def days(count: int) -> str:
    """`1 working day`, `3 working days`."""
    return f"{count} working day{'' if count == 1 else 's'}"


def headline(rule: str, due: date, today: date, calendar: WorkCalendar, *, occurrence: str = "") -> str:
    """The urgent words about a due date as seen on `today`, such as "Due tomorrow" or "Gate overdue: red, 6 …"."""
    noun = {
        RuleSlug.GATE_AHEAD: "Gate",
        RuleSlug.GATE_OVERDUE: "Gate",
        RuleSlug.CHECKPOINT_AHEAD: "Checkpoint",
        RuleSlug.HOLD_REVIEW: "Review of the hold",
        RuleSlug.RISK_REVIEW: "Risk review",
        RuleSlug.READING_OVERDUE: "Reading",
        RuleSlug.UPDATE_DUE: "Status update",
        RuleSlug.UPDATE_MISSED: "Status update",
    }
    if rule == RuleSlug.MY_WEEK:
        return "Your week"
    what = noun.get(RuleSlug(rule), "Due")
    if rule == RuleSlug.AREA_VACANT:
        return f"Nobody owns this since {short_date(due, today)}"
    if rule in _ASKED:
        return f"{_ASKED[RuleSlug(rule)]} since {short_date(due, today)}"
    if rule == RuleSlug.PATH_RUNG:
        return "Escalated to you"
    if rule == RuleSlug.UPDATE_PUBLISHED:
        return "New status update"
    if rule == RuleSlug.EXPIRY:
        return "Ends today" if today >= due else _ahead("Ends", due, today, calendar)
    if today < due:
        return _ahead(what, due, today, calendar)
    if today == due:
        return "Due today" if what == "Due" else f"{what} today"
    late = max(1, calendar.working_days_between(due, today))
    words = f"overdue by {days(late)}"
    if rule == RuleSlug.ESCALATION:
        red = occurrence in ("red", "deputies") and late >= RED_AFTER
        return f"Escalated, red: {words}" if red else f"Escalated: {words}"
    if rule == RuleSlug.GATE_OVERDUE and late >= RED_AFTER:
        return f"Red: gate {words}"
    return words.capitalize() if what == "Due" else f"{what} {words}"


def _ahead(what: str, due: date, today: date, calendar: WorkCalendar) -> str:
    left = calendar.working_days_between(today, due)
    if (due - today).days == 1:
        return f"{what} tomorrow"
    return f"{what} {short_date(due, today)}" if left < 2 else f"{what} in {days(left)}"


_ASKED = {
    RuleSlug.VIEW_WANTED: "Your view is wanted",
    RuleSlug.VERIFY_WANTED: "Your verification is wanted",
    RuleSlug.BRIEF_WANTED: "Your acknowledgement is wanted",
    RuleSlug.SIGNATURE_WANTED: "Your signature is wanted",
    RuleSlug.CONTACT_OVERDUE: "Contact overdue",
    RuleSlug.OWNERSHIP_WAITING: "Your acceptance is wanted",
    RuleSlug.LIMIT_BREACHED: "A limit is breached",
    RuleSlug.AREA_UNACCEPTED: "Named but not accepted",
}


def why(part: str, role: str, rule: str) -> str:
    """The sentence that answers "why did I get this?"; `role` is the role's name."""
    if rule == RuleSlug.ESCALATION:
        return f"You get this because it is overdue and the ladder has reached you ({role})."
    if rule == RuleSlug.MY_WEEK:
        return "You get this because you asked for your week on its first morning."
    if rule == RuleSlug.PATH_RUNG and part == Part.ESCALATED:
        return f"You get this because its escalation path has reached you ({role}) and nobody has acknowledged it."
    match Part(part):
        case Part.RESPONSIBLE:
            return f"You get this because it is yours ({role})."
        case Part.VERIFIER:
            return f"You get this because it was handed in and you check it ({role})."
        case Part.GATEKEEPER:
            return f"You get this because you decide at this gate ({role})."
        case Part.REQUESTER:
            return f"You get this because you asked for it ({role})."
        case Part.APPROVER:
            return f"You get this because you approved it ({role})."
        case Part.NOMINEE:
            return f"You get this because you are asked to take it over ({role}); only you can accept or decline."
        case Part.ESCALATED:
            return f"You get this because it was escalated to you ({role})."
        case Part.SUBSCRIBER:
            return "You get this because you asked for the status updates of this program."
        case Part.DEPUTY:
            return f"You get this because you are the deputy for {role}."
        case Part.STAND_IN:
            return f"You get this because nobody else can be asked for {role}."
        case Part.SPONSOR | Part.MANAGER:
            return f"You get this because you are the {role.lower()} of this program."


_ASKED_AS = {
    Part.RESPONSIBLE: "Owner",
    Part.VERIFIER: "Verifier",
    Part.GATEKEEPER: "Gatekeeper",
    Part.DEPUTY: "Deputy",
    Part.NOMINEE: "Nominee",
    Part.STAND_IN: "Stands in",
    Part.SPONSOR: "Sponsor",
    Part.MANAGER: "Program manager",
    Part.ESCALATED: "Told by its path",
    Part.REQUESTER: "Asked for it",
    Part.APPROVER: "Approved it",
    Part.SUBSCRIBER: "Subscriber",
}


def asked_as(part: str, role: str) -> str:
    """The same for a page that somebody else reads: "Owner (Model owner)", or the part alone when it says it all."""
    words = _ASKED_AS[Part(part)]
    return words if part in (Part.SPONSOR, Part.MANAGER, Part.SUBSCRIBER) else f"{words} ({role})"
