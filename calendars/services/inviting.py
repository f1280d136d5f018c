"""Brings invitations into line with the plan, in the transaction of the change that moved it (rule 9).

What has not left is withdrawn, what ought to be said is planned as a delivery; the reminder engine sends it. Doing it
twice changes nothing. Must not send.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from calendars.domain.attending import Seat
from calendars.domain.invites import Chain, Content, advance
from calendars.enums import Method
from calendars.models import Invitation, InvitationChoice, ProgramInvitations
from calendars.selectors.meetings import Plan, load_plans
from core import clock
from core.locks import locked
from core.text import shorten
from phases.enums import EventState
from phases.models import Event
from programs.domain.localtime import local_date, local_instant
from programs.models import Program
from reminders.enums import Kind, Outcome, RuleSlug, State
from reminders.models import Attempt, Delivery
from reminders.selectors.facts import ALIVE, sends

WITHDRAWN = "A newer version says more, or the calendar is right as it is"
CALLED_OFF, LEFT_OUT = "cancel", "leave"
"""Occurrences of a CANCEL: the event is off, or goes on without this person. Their number is the SEQUENCE."""
URGENCY = 300
_OPEN = (State.QUEUED, State.HELD, State.LEASED)
_MAY_HAVE_LEFT = (Outcome.STARTED, Outcome.UNCERTAIN, Outcome.ACCEPTED)


@dataclass(frozen=True)
class _Mailed:
    """A person's newest mail: whether it may have left, whether it waits to."""

    left: bool = False
    waiting: bool = False


@dataclass(frozen=True)
class _Pass:
    """What one pass over a program's events works with."""

    plan: Plan
    is_on: bool
    declining: frozenset[int]
    unreached: frozenset[int]
    """Whose mail comes back: nothing is planned for them until it arrives again."""
    zones: dict[int, str]
    now: dt.datetime
    today: dt.date


@transaction.atomic
def bring_into_line(program_id: int) -> int:
    """Withdraw and plan invitations of one program; return how many mails were planned.

    A program that never had invitations costs one query. An example mails nobody once a mail server is set.
    """
    switch = locked(ProgramInvitations.objects.filter(pk=program_id)).first()
    if switch is None:
        return 0
    program = Program.objects.select_related("portfolio").get(pk=program_id)
    if program.state in ALIVE and not sends(program):
        return 0
    rows = Invitation.objects.filter(event__program=program, user__is_active=True).select_related("user")
    kept = {(row.event_id, row.user_id): row for row in rows}
    if not switch.is_on and not kept:
        return 0
    work = _pass(program, switch, list(kept.values()))
    mailed = _mailed(list(kept.values()))
    planned = 0
    for event in work.plan.events:
        wanted = _wanted(work, event)
        asked = sorted({user for at, user in kept if at == event.pk} | set(wanted))
        for user_id in (pk for pk in asked if pk not in work.unreached):
            row = kept.get((event.pk, user_id))
            known = mailed.get(row.pk, _Mailed()) if row else _Mailed()
            planned += _turn(work, event, user_id, wanted.get(user_id), row, known)
    return planned


def _pass(program: Program, switch: ProgramInvitations, kept: list[Invitation]) -> _Pass:
    plan = load_plans([program])[0]
    people = {person.pk: person for person in (*plan.people, *(row.user for row in kept))}
    zones = {pk: person.time_zone for pk, person in people.items()}
    unreached = frozenset(pk for pk, person in people.items() if person.no_mail_since is not None)
    declining = InvitationChoice.objects.filter(user__in=zones, declines=True).values_list("pk", flat=True)
    now = clock.now()
    return _Pass(plan, switch.is_on, frozenset(declining), unreached, zones, now, local_date(now, program.time_zone))


def _wanted(work: _Pass, event: Event) -> dict[int, Seat]:
    """Who ought to have the event in their calendar by invitation."""
    if not work.is_on or _is_off(work, event):
        return {}
    return {pk: seat for pk, seat in work.plan.seats[event.pk].items() if pk not in work.declining}


def _is_off(work: _Pass, event: Event) -> bool:
    """Whether the event itself does not take place (any more), for nobody."""
    return work.plan.program.state not in ALIVE or event.state != EventState.PENDING


def _mailed(rows: list[Invitation]) -> dict[int, _Mailed]:
    """What became of the newest mail of each invitation; the deliveries are locked, in one order everywhere."""
    by_key = {key(row.event_id, row.sequence, row.user_id): row.pk for row in rows}
    found = list(locked(Delivery.objects.filter(key__in=by_key)).select_related("mail").order_by("pk"))
    tries = Attempt.objects.filter(mail__in=[d.mail_id for d in found if d.mail_id], outcome__in=_MAY_HAVE_LEFT)
    tried = set(tries.values_list("mail_id", flat=True))
    return {
        by_key[row.key]: _Mailed(
            # Refused for good counts as left: nobody is asked again at an address that does not take mail. A lease does
            # not: without a try a withdrawn mail stays, as its sender looks at it again before the server is spoken to.
            left=row.state in (State.SENT, State.DEAD)
            or (row.mail is not None and (row.mail.state == State.SENT or row.mail_id in tried)),
            waiting=row.state in _OPEN,
        )
        for row in found
    }


def _turn(work: _Pass, event: Event, user_id: int, seat: Seat | None, row: Invitation | None, mailed: _Mailed) -> int:
    """Move one person's copy of one event on; 1 when a mail was planned."""
    chain = chain_of(row)
    wanted = work.plan.content(event) if seat is not None else None
    happened = event.state != EventState.PENDING
    after, withdraw = advance(chain, wanted, work.today, left=mailed.left, waiting=mailed.waiting, happened=happened)
    if row is not None and (withdraw or after != chain):
        old = Delivery.objects.filter(key=key(event.pk, row.sequence, user_id), state__in=_OPEN)
        old.update(state=State.CANCELLED, reason=WITHDRAWN)
    if after == chain or after.content is None:
        return 0
    row = row or Invitation(event=event, user_id=user_id)
    row.sequence, row.method, row.content = after.sequence, after.method, after.content.as_json()
    row.before = after.before.as_json() if after.before else None
    if seat is not None:
        row.part, row.role_slug = seat.part, seat.role
    row.save()
    _plan(work, event, row, after.content)
    return 1


def chain_of(row: Invitation | None) -> Chain:
    """A row as the rules see it; the empty chain for none."""
    if row is None:
        return Chain()
    before = Content.of_json(row.before) if row.before else None
    return Chain(row.sequence, Method(row.method), Content.of_json(row.content), before)


def key(event_id: int, sequence: int, user_id: int) -> str:
    """The key of the delivery, and so of the Message-ID, of one mail of one person's copy of an event."""
    return f"invite|{event_id}|{sequence}|{user_id}"


def _plan(work: _Pass, event: Event, row: Invitation, content: Content) -> None:
    word = Method.REQUEST.value
    if row.method == Method.CANCEL:
        word = CALLED_OFF if _is_off(work, event) else LEFT_OUT
    Delivery.objects.create(
        key=key(event.pk, row.sequence, row.user_id),
        program=work.plan.program,
        user_id=row.user_id,
        item_kind=Kind.INVITATION,
        item_id=event.pk,
        item_slug=event.slug,
        item_label=shorten(_label(event, content), 400),
        rule=RuleSlug.INVITATION,
        occurrence=f"{word}-{row.sequence}",
        due_date=content.on,
        part=row.part,
        role_slug=row.role_slug,
        urgency=URGENCY,
        alone=True,
        planned_on=local_date(work.now, work.zones[row.user_id]),
        planned_for=work.now,
        not_before=work.now,
        # After its day an invitation says nothing.
        expires_at=local_instant(content.on + dt.timedelta(days=1), 0, content.zone),
        created_at=work.now,
    )


def _label(event: Event, content: Content) -> str:
    """The event as the mail names it, with hour and place where it has them."""
    hour = f" at {content.at:%H:%M}" if content.at else ""
    return f"{event.name}{hour}{f', {content.place}' if content.place else ''}"
