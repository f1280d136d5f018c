"""Takes answers to reminders: acknowledged, snoozed. Safe to send twice; must not plan, the next tick does.

What an answer means is `domain.answers`. Here it is written down, and what waits and is silent now is cancelled with
the reason, in the same transaction.
"""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import one_line
from reminders import policies
from reminders.defaults import limits
from reminders.domain.answers import LATE_RULE, acknowledged_until
from reminders.domain.gone import DONE, PAUSED
from reminders.enums import AnswerWord, RuleSlug, State
from reminders.models import Answer, Delivery, ProgramPlan
from reminders.selectors.answers import Standing, about, standing
from reminders.selectors.facts import ALIVE
from reminders.services.lookups import Lookups

NOTE_LONGEST = 300


@transaction.atomic
def acknowledge(*, actor: User, delivery: Delivery, note: str, named: date | None = None) -> Answer:
    """Say "I have seen it" with a plan and, if there is one, a new date; sent twice it is the first answer.

    `named` is a promise, not a re-date: due dates are moved in the plan. Errors: NotAllowed, Conflict (no longer
    open, or not late), Invalid (`note`, `named`).
    """
    now = _standing_open(actor, delivery)
    if now.mine is not None:
        return now.mine
    if not now.can_acknowledge:
        raise Conflict("There is nothing to acknowledge: it is not late.", current="not late")
    text = one_line(note)
    if not text:
        raise Invalid("Say in a few words what happens now.", field="note")
    if len(text) > NOTE_LONGEST:
        raise Invalid(f"Keep it to {NOTE_LONGEST} characters.", field="note")
    if named is not None and named <= now.today:
        raise Invalid("Name a day after today, or none.", field="named")
    calendar = delivery.program.calendar
    until = acknowledged_until(now.today, named, calendar, limits().acknowledged_days)
    rule = LATE_RULE[delivery.item_kind]
    answer = _write(delivery, AnswerWord.ACKNOWLEDGED, rule, now.today, until, note=text, named=named)
    own = Q(user=delivery.user, rule=rule)
    _cancel(delivery, Q(rule=RuleSlug.ESCALATION) | own, f"Acknowledged by {actor} until {until.isoformat()}")
    data = {"until": until.isoformat(), "note": text, "named": named.isoformat() if named else None}
    _record(actor, Verb.REMINDER_ACKNOWLEDGED, delivery, data)
    return answer


@transaction.atomic
def snooze(*, actor: User, delivery: Delivery, until: date) -> Answer:
    """Put the actor's own reminders of one item off to a day that is offered; sent twice it is one answer.

    Errors: NotAllowed, Conflict (no longer open), Invalid (`until`: not offered, or too many snoozes).
    """
    now = _standing_open(actor, delivery)
    twin = about(delivery).filter(user=actor, word=AnswerWord.SNOOZED, until=until).first()
    if twin is not None:
        return twin
    if not now.snoozes_left:
        raise Invalid(f"It was put off {limits().snoozes} times already; that is enough.", field="until")
    if until not in now.days:
        raise Invalid("Choose one of the days that are offered.", field="until")
    answer = _write(delivery, AnswerWord.SNOOZED, RuleSlug(delivery.rule), now.today, until)
    own = Q(user=delivery.user, planned_on__lt=until) & ~Q(rule=RuleSlug.ESCALATION)
    _cancel(delivery, own, f"Snoozed by {actor} until {until.isoformat()}")
    _record(actor, Verb.REMINDER_SNOOZED, delivery, {"until": until.isoformat()})
    return answer


def why_over(delivery: Delivery) -> str:
    """Why there is nothing to answer any more; empty while there is."""
    if delivery.program.state not in ALIVE:
        return PAUSED
    why = Lookups([delivery]).over(delivery)
    # The ledger's words are about a reminder that did not leave; this one did.
    return "It is done" if why == DONE else why


def _standing_open(actor: User, delivery: Delivery) -> Standing:
    """The lock, the rights and the facts of an answer; the planner waits, or has already planned without it."""
    policies.may_answer(actor, delivery).require()
    ProgramPlan.objects.filter(pk=delivery.program_id).update(dirty=True, retry_at=None)
    why = why_over(delivery)
    if why:
        raise Conflict(f"There is nothing to answer any more: {why}.", current=why)
    return standing(delivery, clock.now())


def _write(
    delivery: Delivery,
    word: AnswerWord,
    rule: RuleSlug,
    on: date,
    until: date,
    *,
    note: str = "",
    named: date | None = None,
) -> Answer:
    return Answer.objects.create(
        program=delivery.program,
        user=delivery.user,
        delivery=delivery,
        word=word,
        item_kind=delivery.item_kind,
        item_id=delivery.item_id,
        item_label=delivery.item_label,
        due_date=delivery.due_date,
        rule=rule,
        part=delivery.part,
        role_slug=delivery.role_slug,
        on=on,
        until=until,
        named=named,
        note=note,
        made_at=clock.now(),
    )


def _cancel(delivery: Delivery, which: Q, reason: str) -> None:
    """Close what waits about the same due date; the mail of a gate's own day always leaves."""
    waiting: QuerySet[Delivery] = Delivery.objects.filter(
        which,
        program_id=delivery.program_id,
        item_kind=delivery.item_kind,
        item_id=delivery.item_id,
        due_date=delivery.due_date,
        state__in=[State.QUEUED, State.HELD, State.LEASED],
        any_day=False,
    )
    # Locked in one order everywhere, so that no two writers deadlock.
    ids = list(locked(waiting).order_by("pk").values_list("pk", flat=True))
    still = Delivery.objects.filter(pk__in=ids, state__in=[State.QUEUED, State.HELD, State.LEASED])
    still.update(state=State.CANCELLED, reason=reason)


def _record(actor: User, verb: Verb, delivery: Delivery, data: dict[str, str | None]) -> None:
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind=delivery.item_kind,
        subject_id=delivery.item_id,
        subject_label=delivery.item_label,
        program_id=delivery.program_id,
        data={"due": delivery.due_date.isoformat(), **data},
    )
