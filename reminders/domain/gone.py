"""Says in words why a waiting reminder has no cause any more, so that the ledger can answer "why not sent". Pure."""

from datetime import date

from reminders.domain.bounces import unreached
from reminders.domain.facts import ProgramFacts
from reminders.enums import Kind

PAUSED = "The program is not active"
EXAMPLE = "An example mails nobody once a mail server is set"
DONE = "Done before it was due to be sent"
OWNED = "The area has an owner again"
OTHER = "Somebody else is asked now, or a more urgent reminder says the same"


def why_gone(facts: ProgramFacts, kind: str, item_id: int, user_id: int, due: date) -> str:
    """The reason for cancelling a reminder the planner no longer wants, as far as today's facts tell."""
    if not facts.active:
        return EXAMPLE if facts.example else PAUSED
    person = facts.people.get(user_id)
    if person is not None and not person.active:
        return f"{person.name} is deactivated"
    if person is not None and person.no_mail_since is not None:
        return unreached(person.name, person.no_mail_since)
    if kind == Kind.AREA:
        return OWNED
    dates = {(item.kind, item.id): item.due for item in facts.items if not item.finished}
    dates.update({(Kind.EVENT, event.id): event.due for event in facts.events if not event.decided})
    dates.update({(ending.kind, ending.id): ending.due for ending in facts.endings})
    dates.update({(Kind.HOLD, hold.id): hold.due for hold in facts.holds})
    dates.update({(Kind.RISK, risk.id): risk.due for risk in facts.risks})
    dates.update({(Kind.VIEW, round_.id): round_.opened for round_ in facts.rounds})
    if kind == Kind.GOVERNANCE:
        open_ = any(event.id == item_id and event.due == due for event in facts.governance)
        return OTHER if open_ else "Held, put off or changed"
    dates.update({(Kind.REVIEW, i.id): i.asked_on for i in facts.items if i.handed_in and i.asked_on is not None})
    dates.update({(wanted.kind, wanted.id): wanted.since for wanted in facts.wanted})
    dates.update({(Kind.NOMINATION, n.id): n.since for n in facts.nominations})
    dates.update({(signal.kind, signal.id): signal.due for signal in facts.signals})
    dates.update({(Kind.ESCALATION, call.escalation): call.started for call in facts.calls})
    if facts.updates is not None and kind == Kind.UPDATE and due in facts.updates.due:
        return OTHER
    current = dates.get((Kind(kind), item_id))
    if current is None:
        return DONE
    if current != due:
        return f"The date moved to {current.isoformat()}"
    return OTHER
