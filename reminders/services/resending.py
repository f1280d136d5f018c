"""Sends one reminder again by hand, as a row of its own that the planner takes for nothing else (rule 8).

It leaves like every other one: with the mail of the day, or alone when that has left, at a decent hour, after the same
last look. Must not send.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from programs.domain.localtime import local_date, local_instant
from programs.models import Program
from programs.selectors import cast_of
from reminders import policies
from reminders.domain import again
from reminders.domain.gone import why_gone
from reminders.domain.planner import plan
from reminders.enums import RuleSlug, State
from reminders.models import Delivery
from reminders.selectors.facts import load_facts, load_rules
from reminders.selectors.resends import SUBJECT, resent_by, resent_by_id
from reminders.services.lookups import Lookups

DONE = (State.SENT, State.DEAD)
"""What can be sent again: what left, and what a server refused for good."""
QUICKER = "Somebody sent this again a moment ago. Look at it as it is now, then try again."


@transaction.atomic
def send_again(*, actor: User, delivery: Delivery, number: int) -> Delivery:
    """Queue a reminder that left or was refused once more; `number` is the time the form was drawn for, from 1.

    A form sent twice makes one row (P16). Side effect: an activity entry. Errors: NotAllowed; Invalid when it has no
    cause any more, when it still waits, or when it was sent again too often; Conflict when somebody was quicker.
    """
    policies.may_resend(actor, cast_of(delivery.program)).require()
    program = locked(Program.objects.filter(pk=delivery.program_id)).get()
    rows = Delivery.objects.select_related("user", "program")
    first = rows.get(program=program, key=again.first_key(delivery.key))
    before = {row.key: row for row in rows.filter(key__in=again.every_key(first.key))}
    twin = before.get(again.again_key(first.key, number))
    if twin is not None and resent_by_id(twin) == actor.pk:
        return twin
    if number != len(before) + 1:
        raise Conflict(QUICKER, current=_told(list(before.values())))
    now = clock.now()
    _check(first, list(before.values()), now)
    row = _row(first, number, now)
    if reason := no_cause(row, now):
        raise Invalid(f"It has no cause any more: {reason}.")
    row.save(force_insert=True)
    activity.record(
        actor_id=actor.pk,
        verb=Verb.REMINDER_RESENT,
        subject_kind=SUBJECT,
        subject_id=row.pk,
        subject_label=row.item_label,
        program_id=program.pk,
        data={"first": first.pk, "number": number, "user": row.user_id},
    )
    return row


def no_cause(row: Delivery, now: datetime) -> str:
    """Why a reminder is not due to this person any more; empty when it is.

    Asks the planner whether it would have mailed this person about this item by this rule at any time until now, as
    things stand today, and then takes the same last look that every mail gets.
    """
    facts = load_facts(row.program)
    rules = load_rules(row.program_id)
    if not any(rule.slug == row.rule and rule.enabled for rule in rules):
        return "The rule is switched off in this program"
    about = (row.item_kind, row.item_id, row.rule, row.due_date, row.user_id)
    # Without what was sent before: a lead that left for an earlier date would count as told.
    wanted = plan(replace(facts, past=()), rules, facts.since, now, assume_sent=True)
    if about not in {(i.kind, i.item_id, i.rule, i.due, i.user_id) for i in wanted}:
        return why_gone(facts, row.item_kind, row.item_id, row.user_id, row.due_date)
    return Lookups([row]).why_not(row, now)


def _check(first: Delivery, before: list[Delivery], now: datetime) -> None:
    """Refuse what waits already and what was sent again too often."""
    if first.rule == RuleSlug.INVITATION:
        raise Invalid("An invitation is not sent again by hand: its calendar entry would stand there twice.")
    if first.state not in DONE:
        raise Invalid("Only a reminder that was sent or refused can be sent again.")
    if any(row.state in (State.QUEUED, State.LEASED, State.HELD) for row in before):
        raise Invalid("It was sent again already and is on its way.")
    if len(before) >= again.IN_ALL:
        raise Invalid(f"It was sent again {again.IN_ALL} times already; speak to the person.")
    zone = first.program.time_zone
    midnight = local_instant(local_date(now, zone), 0, zone)
    today = Delivery.objects.filter(
        program=first.program,
        item_kind=first.item_kind,
        item_id=first.item_id,
        occurrence__startswith=again.MARK,
        created_at__gte=midnight,
    )
    if today.count() >= again.A_DAY:
        raise Invalid(f"Reminders about this item were sent again {again.A_DAY} times today; try tomorrow.")


def _row(first: Delivery, number: int, now: datetime) -> Delivery:
    program, zone = first.program, first.program.time_zone
    today = local_date(now, zone)
    last = program.calendar.add_working_days(today, again.STANDS)
    return Delivery(
        key=again.again_key(first.key, number),
        program=program,
        user=first.user,
        item_kind=first.item_kind,
        item_id=first.item_id,
        item_slug=first.item_slug,
        item_label=first.item_label,
        rule=first.rule,
        occurrence=again.again_occurrence(number),
        due_date=first.due_date,
        part=first.part,
        role_slug=first.role_slug,
        gaps=first.gaps,
        urgency=first.urgency,
        # The mail of the day may have left; whoever presses the button does not mean tomorrow (rule 4).
        alone=True,
        planned_on=today,
        planned_for=now,
        not_before=now,
        expires_at=local_instant(last + timedelta(days=1), 0, first.user.time_zone, fallback=zone),
        created_at=now,
    )


def _told(before: list[Delivery]) -> str:
    names = resent_by(before)
    return "; ".join(f"Sent again by {names.get(row.pk, 'somebody')}" for row in before)
