"""The reminder rules in words: what each is about, who is told and when. Pure; the pages only lay it out."""

from collections.abc import Mapping, Sequence

from reminders.domain.rules import Rule, Rung
from reminders.domain.wording import days
from reminders.enums import RuleSlug

TITLES: Mapping[RuleSlug, tuple[str, str]] = {
    RuleSlug.GATE_AHEAD: ("Gate ahead", "A gate review is coming"),
    RuleSlug.GATE_OVERDUE: ("Gate overdue", "The day of a gate has passed and nothing is decided"),
    RuleSlug.CHECKPOINT_AHEAD: ("Checkpoint ahead", "A checkpoint is coming"),
    RuleSlug.ITEM_DUE: ("Work due", "A criterion, task, action, condition or dependency is due"),
    RuleSlug.ITEM_OVERDUE: ("Work overdue", "A criterion, task, action, condition or dependency is late"),
    RuleSlug.ESCALATION: ("Ladder", "Something stays late and the next person is asked"),
    RuleSlug.AREA_VACANT: ("Area without an owner", "Nobody holds the role that owns an area"),
    RuleSlug.AREA_UNACCEPTED: ("Area not accepted", "The person named for an area has not accepted it"),
    RuleSlug.EXPIRY: ("Waiver or acceptance ends", "A waiver, an accepted risk or a declared status is about to end"),
    RuleSlug.HOLD_REVIEW: ("Review of a hold", "A held gate is reviewed"),
    RuleSlug.VIEW_WANTED: ("View wanted", "A gatekeeper has not given a view in an open review"),
    RuleSlug.VERIFY_WANTED: ("Verification wanted", "A criterion was handed in and nobody has checked it"),
    RuleSlug.BRIEF_WANTED: ("Brief to acknowledge", "A brief was published and not acknowledged"),
    RuleSlug.SIGNATURE_WANTED: ("Signature wanted", "The problem statement is not signed"),
    RuleSlug.CONTACT_OVERDUE: ("Contact overdue", "A stakeholder group was not spoken to in time"),
    RuleSlug.GOVERNANCE_AHEAD: ("Governance date ahead", "A date of the calendar after day 90 is coming"),
    RuleSlug.GOVERNANCE_OVERDUE: ("Governance date overdue", "A date of the calendar after day 90 has passed"),
    RuleSlug.INVITATION: ("Invitation", "A gate or checkpoint belongs into a calendar"),
    RuleSlug.OWNERSHIP_WAITING: ("Acceptance wanted", "Somebody was asked to take a role over and has not answered"),
    RuleSlug.RISK_REVIEW: ("Risk review", "A risk wants to be looked at again"),
    RuleSlug.READING_OVERDUE: ("Reading overdue", "A metric has no reading for its period"),
    RuleSlug.LIMIT_BREACHED: ("Limit breached", "A metric went beyond its limit and nobody has acknowledged it"),
    RuleSlug.PATH_RUNG: ("Escalation path", "An escalation has reached the next level of its path"),
    RuleSlug.UPDATE_DUE: ("Status update due", "The weekly status update is due"),
    RuleSlug.UPDATE_MISSED: ("Status update missed", "The weekly status update was not written"),
    RuleSlug.UPDATE_PUBLISHED: ("Status update published", "A program you follow has a new status update"),
    RuleSlug.MY_WEEK: ("My week", "What is due this week, on its first morning"),
}

UNRULED = "No rule of the table: invitations follow the plan, as long as the program sends them."
"""What is said in place of a rule where there is none to be set."""

_WHO = {
    "responsible": "its owner (the deputy on days away)",
    "sponsor": "the sponsor",
    "program-manager": "the program manager",
    "gatekeepers": "the gatekeepers",
    "unmet-owners": "owners of unmet criteria",
    "requester": "who asked for it",
    "approver": "who approved it",
    "verifier": "its verifier",
    "nominee": "the person who was asked",
}

_RUNGS = {
    "deputy": "the owner's deputy",
    "program-manager": "the program manager",
    "sponsor": "the sponsor",
    "deputies": "the deputies of manager and sponsor",
    "red": "the sponsor, in red",
}


def title(slug: RuleSlug) -> str:
    """The rule's name."""
    return TITLES[slug][0] if slug in TITLES else slug.replace("-", " ").capitalize()


def purpose(slug: RuleSlug) -> str:
    """What the rule is about, as a sentence without a full stop."""
    return TITLES[slug][1] if slug in TITLES else ""


def who(rule: Rule) -> str:
    """Whom the rule tells."""
    if rule.slug is RuleSlug.ESCALATION:
        return "everybody on the ladder, one after the other"
    if rule.slug is RuleSlug.PATH_RUNG:
        return "the roles of the escalation path"
    if rule.slug is RuleSlug.UPDATE_PUBLISHED:
        return "who asked for updates of this program"
    if rule.slug is RuleSlug.MY_WEEK:
        return "who asked for it under Fewer reminders"
    return _listed([_WHO[word] for word in rule.audience])


def when(rule: Rule) -> tuple[str, ...]:
    """When the rule speaks, one sentence each; none for a rule without numbers."""
    if rule.slug is RuleSlug.MY_WEEK:
        return ("on the first morning of the week",)
    found = []
    before = sorted((lead for lead in rule.leads if lead), reverse=True)
    if before:
        found.append(f"{_listed([str(lead) for lead in before])} working day{'s' if before != [1] else ''} before")
    if 0 in rule.leads:
        found.append("and on the day" if before else "on the day")
    sentences = [" ".join(found)] if found else []
    if rule.first:
        start = "the next working day" if rule.first == 1 else days(rule.first)
        again = "every working day" if rule.every == 1 else f"every {rule.every} working days"
        most = f", at most {rule.at_most} times" if rule.at_most else " until it is settled"
        sentences.append(f"{start} after, then {again}{most}")
    for name, rungs in (("Work", rule.item_rungs), ("Gates", rule.gate_rungs)):
        if rungs:
            sentences.append(f"{name}: {_ladder(rungs)}")
    return tuple(sentences)


def sentence(rule: Rule) -> str:
    """The rule as one sentence, such as "5 and 1 working days before and on the day; to its owner."."""
    said = "; ".join([*when(rule), f"to {who(rule)}"])
    return f"{said[0].upper()}{said[1:]}."


def rung_name(to: str) -> str:
    """Who is asked on a rung."""
    return _RUNGS[to]


def _ladder(rungs: Sequence[Rung]) -> str:
    return ", then ".join(f"{_RUNGS[rung.to]} after {days(rung.wait)}" for rung in rungs)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nobody"
