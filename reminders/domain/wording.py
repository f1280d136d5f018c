"""What a reminder says in one line, and why it came. Pure; the mail's layout is in the templates.

Every sentence is whole and marked for translation, with its numbers and names as placeholders.
"""

from datetime import date

from core.phrases import gettext as _
from core.phrases import gettext_noop, ngettext
from programs.domain.calendar import WorkCalendar
from reminders.enums import Kind, Part, RuleSlug

RED_AFTER = 5
"""Working days after which an undecided gate is called red (G12)."""

_WEEKDAYS: tuple[str, ...] = (
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
)

_MONTHS: tuple[str, ...] = (
    gettext_noop("Jan"),
    gettext_noop("Feb"),
    gettext_noop("Mar"),
    gettext_noop("Apr"),
    gettext_noop("May"),
    gettext_noop("Jun"),
    gettext_noop("Jul"),
    gettext_noop("Aug"),
    gettext_noop("Sep"),
    gettext_noop("Oct"),
    gettext_noop("Nov"),
    gettext_noop("Dec"),
)

_NOUNS: dict[RuleSlug, str] = {
    RuleSlug.GATE_AHEAD: gettext_noop("Gate"),
    RuleSlug.GATE_OVERDUE: gettext_noop("Gate"),
    RuleSlug.CHECKPOINT_AHEAD: gettext_noop("Checkpoint"),
    RuleSlug.HOLD_REVIEW: gettext_noop("Review of the hold"),
    RuleSlug.RISK_REVIEW: gettext_noop("Risk review"),
    RuleSlug.READING_OVERDUE: gettext_noop("Reading"),
    RuleSlug.UPDATE_DUE: gettext_noop("Status update"),
    RuleSlug.UPDATE_MISSED: gettext_noop("Status update"),
}
"""What is due, where the word "due" alone would say too little."""

_ASKED: dict[RuleSlug, str] = {
    RuleSlug.VIEW_WANTED: gettext_noop("Your view is wanted"),
    RuleSlug.VERIFY_WANTED: gettext_noop("Your verification is wanted"),
    RuleSlug.BRIEF_WANTED: gettext_noop("Your acknowledgement is wanted"),
    RuleSlug.SIGNATURE_WANTED: gettext_noop("Your signature is wanted"),
    RuleSlug.CONTACT_OVERDUE: gettext_noop("Contact overdue"),
    RuleSlug.OWNERSHIP_WAITING: gettext_noop("Your acceptance is wanted"),
    RuleSlug.LIMIT_BREACHED: gettext_noop("A limit is breached"),
    RuleSlug.AREA_UNACCEPTED: gettext_noop("Named but not accepted"),
}
"""What is wanted of somebody since a day."""

_DATE_WORDS: dict[str, str] = {
    "": gettext_noop("due"),
    Kind.AREA: gettext_noop("since"),
    Kind.VIEW: gettext_noop("asked"),
    Kind.NOMINATION: gettext_noop("asked"),
    Kind.REVIEW: gettext_noop("handed in"),
    Kind.WAIVER: gettext_noop("ends"),
    Kind.ACCEPTANCE: gettext_noop("ends"),
    Kind.STATUS: gettext_noop("ends"),
    Kind.BRIEF: gettext_noop("published"),
    Kind.SIGNATURE: gettext_noop("written"),
    Kind.ALERT: gettext_noop("since"),
    Kind.ESCALATION: gettext_noop("running since"),
    Kind.PUBLISHED: gettext_noop("posted"),
    Kind.INVITATION: gettext_noop("on"),
    Kind.WEEK: gettext_noop("week of"),
}
"""What happened or happens on the day, for everything that is not simply due."""

_ACTS: dict[str, str] = {
    "": gettext_noop("Open it"),
    Kind.AREA: gettext_noop("Name an owner"),
    Kind.GOVERNANCE: gettext_noop("Open the event"),
    Kind.HOLD: gettext_noop("Open the gate"),
    Kind.VIEW: gettext_noop("Give your view"),
    Kind.NOMINATION: gettext_noop("Read and answer"),
    Kind.REVIEW: gettext_noop("Check the evidence"),
    Kind.WAIVER: gettext_noop("Open the criterion"),
    Kind.ACCEPTANCE: gettext_noop("Open the risk"),
    Kind.STATUS: gettext_noop("Open the program"),
    Kind.BRIEF: gettext_noop("Read and acknowledge"),
    Kind.SIGNATURE: gettext_noop("Read and sign"),
    Kind.CONTACT: gettext_noop("Open the group"),
    Kind.DATA_GAP: gettext_noop("Open the source"),
    Kind.DEPENDENCY: gettext_noop("Open the dependency"),
    Kind.ACTION: gettext_noop("Show what is done"),
    Kind.RISK: gettext_noop("Look at the risk"),
    Kind.METRIC: gettext_noop("Add the reading"),
    Kind.ALERT: gettext_noop("Acknowledge it"),
    Kind.ESCALATION: gettext_noop("Acknowledge it"),
    Kind.UPDATE: gettext_noop("Write the update"),
    Kind.PUBLISHED: gettext_noop("Read the update"),
    Kind.INVITATION: gettext_noop("See what is decided there"),
    Kind.WEEK: gettext_noop("Open your work"),
}

_REASONS: dict[Part, str] = {
    Part.RESPONSIBLE: gettext_noop("You get this because it is yours (%(role)s)."),
    Part.VERIFIER: gettext_noop("You get this because it was handed in and you check it (%(role)s)."),
    Part.GATEKEEPER: gettext_noop("You get this because you decide at this gate (%(role)s)."),
    Part.REQUESTER: gettext_noop("You get this because you asked for it (%(role)s)."),
    Part.APPROVER: gettext_noop("You get this because you approved it (%(role)s)."),
    Part.NOMINEE: gettext_noop(
        "You get this because you are asked to take it over (%(role)s); only you can accept or decline."
    ),
    Part.ESCALATED: gettext_noop("You get this because it was escalated to you (%(role)s)."),
    Part.SUBSCRIBER: gettext_noop("You get this because you asked for the status updates of this program."),
    Part.DEPUTY: gettext_noop("You get this because you are the deputy for %(role)s."),
    Part.STAND_IN: gettext_noop("You get this because nobody else can be asked for %(role)s."),
    Part.SPONSOR: gettext_noop("You get this because you are the %(role)s of this program."),
    Part.MANAGER: gettext_noop("You get this because you are the %(role)s of this program."),
}

_ASKED_AS: dict[Part, str] = {
    Part.RESPONSIBLE: gettext_noop("Owner"),
    Part.VERIFIER: gettext_noop("Verifier"),
    Part.GATEKEEPER: gettext_noop("Gatekeeper"),
    Part.DEPUTY: gettext_noop("Deputy"),
    Part.NOMINEE: gettext_noop("Nominee"),
    Part.STAND_IN: gettext_noop("Stands in"),
    Part.SPONSOR: gettext_noop("Sponsor"),
    Part.MANAGER: gettext_noop("Program manager"),
    Part.ESCALATED: gettext_noop("Told by its path"),
    Part.REQUESTER: gettext_noop("Asked for it"),
    Part.APPROVER: gettext_noop("Approved it"),
    Part.SUBSCRIBER: gettext_noop("Subscriber"),
}


def short_date(on: date, today: date) -> str:
    """`Fri 27 Mar`, with the year when it is not this one."""
    names = {"weekday": _(_WEEKDAYS[on.weekday()]), "day": on.day, "month": _(_MONTHS[on.month - 1]), "year": on.year}
    if on.year == today.year:
        return _("%(weekday)s %(day)d %(month)s") % names
    return _("%(weekday)s %(day)d %(month)s %(year)d") % names


def days(count: int) -> str:
    """`1 working day`, `3 working days`."""
    return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}


def headline(rule: str, due: date, today: date, calendar: WorkCalendar, *, occurrence: str = "") -> str:
    """The urgent words about a due date as seen on `today`, such as "Due tomorrow" or "Gate overdue: red, 6 …"."""
    slug = RuleSlug(rule)
    if slug is RuleSlug.MY_WEEK:
        return _("Your week")
    if slug is RuleSlug.AREA_VACANT:
        return _("Nobody owns this since %(date)s") % {"date": short_date(due, today)}
    if slug in _ASKED:
        return _("%(what)s since %(date)s") % {"what": _(_ASKED[slug]), "date": short_date(due, today)}
    if slug is RuleSlug.PATH_RUNG:
        return _("Escalated to you")
    if slug is RuleSlug.UPDATE_PUBLISHED:
        return _("New status update")
    if slug is RuleSlug.INVITATION:
        return _invitation(occurrence, due, today)
    if slug is RuleSlug.EXPIRY:
        return _("Ends today") if today >= due else _ahead(_("Ends"), due, today, calendar)
    what = _(_NOUNS[slug]) if slug in _NOUNS else ""
    if today < due:
        return _ahead(what or _("Due"), due, today, calendar)
    if today == due:
        return _("%(what)s today") % {"what": what} if what else _("Due today")
    return _overdue(slug, what, max(1, calendar.working_days_between(due, today)), occurrence)


def _overdue(slug: RuleSlug, what: str, late: int, occurrence: str) -> str:
    if slug is RuleSlug.ESCALATION and occurrence in ("red", "deputies") and late >= RED_AFTER:
        return _("Escalated, red: overdue by %(days)s") % {"days": days(late)}
    if slug is RuleSlug.ESCALATION:
        return _("Escalated: overdue by %(days)s") % {"days": days(late)}
    if slug is RuleSlug.GATE_OVERDUE and late >= RED_AFTER:
        return _("Red: gate overdue by %(days)s") % {"days": days(late)}
    if what:
        return _("%(what)s overdue by %(days)s") % {"what": what, "days": days(late)}
    return _("Overdue by %(days)s") % {"days": days(late)}


def _invitation(occurrence: str, due: date, today: date) -> str:
    word, _dash, number = occurrence.partition("-")
    names = {"date": short_date(due, today)}
    if word == "cancel":
        return _("Called off, was %(date)s") % names
    if word == "leave":
        return _("You are no longer expected")
    return _("Invitation, %(date)s") % names if number == "0" else _("Changed, now %(date)s") % names


def _ahead(what: str, due: date, today: date, calendar: WorkCalendar) -> str:
    left = calendar.working_days_between(today, due)
    if (due - today).days == 1:
        return _("%(what)s tomorrow") % {"what": what}
    if left < 2:
        return _("%(what)s %(date)s") % {"what": what, "date": short_date(due, today)}
    return _("%(what)s in %(days)s") % {"what": what, "days": days(left)}


def due_line(kind: str, due: date, today: date, zone: str) -> str:
    """`due Fri 27 Mar, program time Europe/Berlin`: which day it is about, and whose day that is."""
    return _("%(what)s %(date)s, program time %(zone)s") % {
        "what": _(_DATE_WORDS.get(kind, _DATE_WORDS[""])),
        "date": short_date(due, today),
        "zone": zone,
    }


def day_line(kind: str, due: date, today: date) -> str:
    """`due Fri 27 Mar`: the same where the zone needs no saying."""
    return _("%(what)s %(date)s") % {
        "what": _(_DATE_WORDS.get(kind, _DATE_WORDS[""])),
        "date": short_date(due, today),
    }


def action(kind: str, rule: str, part: str) -> str:
    """What the recipient can do about it: the words on the button that leads to the item."""
    if kind == Kind.EVENT:
        return _("Open the checkpoint") if rule == RuleSlug.CHECKPOINT_AHEAD else _("Open the gate")
    if part == Part.VERIFIER:
        return _("Check the evidence")
    if kind == Kind.CRITERION and part == Part.RESPONSIBLE:
        return _("Add evidence")
    return _(_ACTS.get(kind, _ACTS[""]))


def why(part: str, role: str, rule: str) -> str:
    """The sentence that answers "why did I get this?"; `role` is the role's name."""
    if rule == RuleSlug.ESCALATION:
        return _("You get this because it is overdue and the ladder has reached you (%(role)s).") % {"role": role}
    if rule == RuleSlug.INVITATION:
        return _(
            "You get this because this program sends invitations and you are expected (%(role)s); "
            "your profile lets you decline them."
        ) % {"role": role}
    if rule == RuleSlug.MY_WEEK:
        return _("You get this because you asked for your week on its first morning.")
    if rule == RuleSlug.PATH_RUNG and part == Part.ESCALATED:
        return _(
            "You get this because its escalation path has reached you (%(role)s) and nobody has acknowledged it."
        ) % {"role": role}
    if part in (Part.SPONSOR, Part.MANAGER):
        role = role.lower()
    return _(_REASONS[Part(part)]) % {"role": role}


def again(by: str | None, reason: str) -> str:
    """The same sentence in a mail that `by` sent again by hand; unchanged for any other."""
    return reason if by is None else _("Sent again by %(name)s. %(reason)s") % {"name": by, "reason": reason}


def asked_as(part: str, role: str) -> str:
    """The same for a page that somebody else reads: "Owner (Model owner)", or the part alone when it says it all."""
    words = _(_ASKED_AS[Part(part)])
    if part in (Part.SPONSOR, Part.MANAGER, Part.SUBSCRIBER):
        return words
    return _("%(part)s (%(role)s)") % {"part": words, "role": role}
