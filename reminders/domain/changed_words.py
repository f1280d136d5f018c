"""Why a reminder falls away, or comes all the same, when somebody changes something for themselves. Pure.

The sentences are for the person, on the page that shows the change before it is saved; `changed` finds the difference.
"""

from collections.abc import Mapping

from core.phrases import gettext as _
from reminders.domain.changed import Moment, Pair
from reminders.domain.intents import Intent
from reminders.domain.people import role_name
from reminders.domain.preferences import KEEPS, lead_of, quiet_in, wants
from reminders.domain.rule_words import title
from reminders.domain.wording import asked_as
from reminders.enums import Choice, RuleSlug


def why_it_goes(pair: Pair, intent: Intent, overtaken: Mapping[str, bool]) -> str:
    """Why a reminder of the person does not come (to them) any more."""
    wishes, rule = pair.then.preferences, intent.rule
    if rule is RuleSlug.MY_WEEK and not wishes.week:
        return _("My week is switched off")
    if not wants(wishes, rule, intent.lead, pair.lasts[rule]):
        kept = {"rule": title(rule)}
        none = wishes.choice(rule) is Choice.NONE
        return _("%(rule)s: none of these") % kept if none else _("%(rule)s: only the last one") % kept
    if to := _takers(pair, intent):
        return _("Goes to %(who)s") % {"who": "; ".join(to)}
    if overtaken.get(intent.key):
        return _("Today's mail has left already, and it makes no sense later")
    if intent.key in overtaken:
        return _("Nothing leaves on its day, and later the next one takes over")
    if _again_that_day(pair, intent):
        return _("Another one about it comes on that day")
    return _("It makes no sense on another day")


def why_it_stays(pair: Pair, moment: Moment) -> str:
    """Why a reminder comes although the person asked for fewer; empty for one they did not ask to lose."""
    intent, wishes = moment.intent, pair.then.preferences
    if intent.any_day and intent.planned_on.weekday() in quiet_in(wishes.quiet, pair.facts.calendar):
        return _("A gate that is due today comes all the same.")
    if lead_of(intent.occurrence) is not None and wishes.choice(intent.rule) is Choice.LAST:
        return KEEPS.get(intent.rule, "")
    return ""


def _takers(pair: Pair, intent: Intent) -> list[str]:
    """Who gets it instead, each with the part they are asked in and the gap that led to them."""
    found = []
    for key, other in pair.after.items():
        if key not in pair.before and other.user_id != intent.user_id and _thing(other) == _thing(intent):
            part = asked_as(other.part, role_name(pair.facts, other.role))
            name = pair.facts.people[other.user_id].name
            gaps = f": {'; '.join(other.gaps)}" if other.gaps else ""
            found.append(f"{name}, {part}{gaps}")
    return sorted(found)


def _again_that_day(pair: Pair, intent: Intent) -> bool:
    """Whether something more urgent about the same thing, to the same person, takes its day."""
    about = (intent.kind, intent.item_id, intent.user_id)
    return any(
        (i.kind, i.item_id, i.user_id) == about and i.planned_on == intent.planned_on for i in pair.after.values()
    )


def _thing(intent: Intent) -> tuple[object, ...]:
    return intent.kind, intent.item_id, intent.rule, intent.occurrence, intent.due
