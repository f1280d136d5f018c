"""Changes a program's own rules, within the bounds of `domain.tuning`. Must not preview."""

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core.errors import Conflict, Invalid
from core.locks import locked
from programs.models import Program
from programs.selectors import cast_of
from reminders.domain.rule_words import title, when
from reminders.domain.rules import Rule as RuleValue
from reminders.domain.tuning import definition_of, faults, version_of
from reminders.models import ProgramPlan, Rule
from reminders.policies import may_change_rules
from reminders.selectors.tuning import default_of, rules_of
from reminders.services.rules import copy_default_rules


@transaction.atomic
def change_rule(*, actor: User, program: Program, wanted: RuleValue, version: str) -> bool:
    """Set one rule of a program; False when it says so already (a form that was sent twice).

    `version` is `version_of` the rule the form was drawn from. Errors: NotAllowed; Conflict when somebody was quicker;
    Invalid at the field at fault. Records reminder.rule_changed with both sides, which has the program planned anew:
    what waits under the old rule is cancelled with the reason.
    """
    if not Rule.objects.filter(program=program).exists():
        copy_default_rules(program)
    # The planner locks the same row first, so that no plan is made from half a change.
    list(locked(ProgramPlan.objects.filter(pk=program.pk)))
    program.refresh_from_db()
    may_change_rules(actor, cast_of(program)).require()
    now = rules_of(program)[wanted.slug]
    if definition_of(now) == definition_of(wanted):
        return False
    if version_of(now) != version:
        raise Conflict(f"Somebody changed “{title(now.slug)}” a moment ago.", current=says(now))
    for fault in faults(wanted, default_of(wanted.slug)):
        raise Invalid(fault.sentence, field=fault.field)
    Rule.objects.update_or_create(program=program, slug=wanted.slug, defaults={"definition": definition_of(wanted)})
    activity.record(
        actor_id=actor.pk,
        verb=Verb.REMINDER_RULE_CHANGED,
        subject_kind="reminder_rule",
        subject_id=program.pk,
        subject_label=title(wanted.slug),
        program_id=program.pk,
        data={"rule": wanted.slug.value, "before": says(now), "after": says(wanted)},
    )
    return True


def says(rule: RuleValue) -> str:
    """A rule in one line."""
    return "; ".join(when(rule)) or "on" if rule.enabled else "switched off"
