"""What people ask for about their own reminders: written, recorded, and taken up by the next planning.

The record of a change marks the programs that mail the person for planning (`changes`); what waits is then cancelled
with the reason, and looked at again right before it would leave.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core.errors import Conflict, Invalid
from core.locks import locked
from reminders.domain.preferences import ALLOWED, KEEPS, Preferences, fault_of_quiet, least, reason_why_not
from reminders.domain.rule_words import title
from reminders.enums import Choice, RuleSlug, Style
from reminders.models import Preference
from reminders.policies import may_choose
from reminders.selectors.preferences import as_value, wish_of

ELSEWHERE = "Your choices were changed meanwhile, in another window or by the link in a mail. Save again to set yours."
_FEWER = {Choice.LAST: "only the last one", Choice.NONE: "none"}


@transaction.atomic
def change_preferences(*, actor: User, user: User, wanted: Preferences, version: int) -> Preference:
    """Set what a person wants; `version` is the one their page showed. The same again changes nothing.

    Errors: NotAllowed; Invalid at `quiet` or `rule_<slug>`; Conflict when it was changed elsewhere (another window, the
    unsubscribe of a mail). Records reminder.preferences_changed.
    """
    may_choose(actor, user).require()
    row = _locked(user)
    if as_value(row) == _clean(wanted):
        return row
    if row.version != version:
        raise Conflict(ELSEWHERE, current=in_words(as_value(row)))
    _check(wanted)
    return _write(actor, row, wanted, "page")


@transaction.atomic
def ask_for_fewest(*, user: User, rules: Iterable[RuleSlug]) -> None:
    """Give a person the fewest they may ask for of some rules, as the link of a mail does; again changes nothing.

    The holder of the mail's key stands for the person, so the entry of the record names them.
    """
    row = _locked(user)
    now = as_value(row)
    named = set(rules)
    fewest = {rule: least(rule) for rule in named if rule in ALLOWED}
    wanted = replace(now, choices={**now.choices, **fewest}, week=now.week and RuleSlug.MY_WEEK not in named)
    if _clean(wanted) != _clean(now):
        _write(user, row, wanted, "mail")


def want_updates_again(user_id: int) -> None:
    """Who asks for a program's updates anew wants them again, although a mail once stopped them all."""
    for row in locked(Preference.objects.filter(user_id=user_id)):
        if row.by_rule.pop(RuleSlug.UPDATE_PUBLISHED, None):
            row.version += 1
            row.save(update_fields=["by_rule", "version"])


def in_words(wishes: Preferences) -> str:
    """Wishes in one line, for the card that shows both sides of a conflict."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    parts = ["a mail of its own for each reminder" if wishes.style is Style.SINGLE else "one mail a day"]
    parts += ["my week" if wishes.week else "without my week"]
    parts += [f"quiet on {', '.join(days[day] for day in sorted(wishes.quiet))}"] if wishes.quiet else ["no quiet day"]
    fewer = [f"{title(rule)}: {_FEWER[choice]}" for rule, choice in sorted(_clean(wishes).choices.items())]
    return "; ".join(parts + (fewer or ["all reminders"]))


def _locked(user: User) -> Preference:
    """The person's row, or a new one that no second request can make beside us: the person is locked."""
    locked(User.objects.filter(pk=user.pk)).get()
    return wish_of(user)


def _clean(wishes: Preferences) -> Preferences:
    return replace(wishes, choices={rule: c for rule, c in wishes.choices.items() if c is not Choice.ALL})


def _check(wanted: Preferences) -> None:
    fault = fault_of_quiet(wanted.quiet)
    if fault:
        raise Invalid(fault, field="quiet")
    for rule, choice in wanted.choices.items():
        if choice is not Choice.ALL and choice not in ALLOWED.get(rule, ()):
            reason = KEEPS.get(rule) or reason_why_not(rule) or "That cannot be chosen here."
            raise Invalid(reason, field=f"rule_{rule}")


def _write(actor: User, row: Preference, wanted: Preferences, by: str) -> Preference:
    before, after = _as_data(as_value(row)), _as_data(wanted)
    row.quiet_days, row.style, row.week = after["quiet"], after["style"], after["week"]
    row.by_rule, row.version = after["rules"], row.version + 1
    row.save()
    activity.record(
        actor_id=actor.pk,
        verb=Verb.REMINDER_PREFERENCES_CHANGED,
        subject_kind="user",
        subject_id=row.user_id,
        subject_label=str(row.user),
        data={"before": before, "after": after, "by": by},
    )
    return row


def _as_data(wishes: Preferences) -> dict[str, Any]:
    rules = {rule.value: choice.value for rule, choice in sorted(_clean(wishes).choices.items())}
    return {"quiet": sorted(wishes.quiet), "style": wishes.style.value, "week": wishes.week, "rules": rules}
