"""Brings invitations into line with the plan, in the transaction of the change that moved it (rule 9).

What has not left is withdrawn, what ought to be said is planned as a delivery; the reminder engine sends it. Doing it
twice changes nothing. Must not send.
"""

import datetime as dt
from collections.abc import Iterator
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


@dataclass(frozen=True)
class _Step:
    """One person's copy of one event as it is (`row`, `chain`) and as it ought to be; `seat` is None for nothing."""

    event: Event
    user_id: int
    seat: Seat | None
    row: Invitation | None
    chain: Chain
    after: Chain
    withdraw: bool

    @property
    def is_mail(self) -> bool:
        """Whether there is a mail to send."""
        return self.after != self.chain and self.after.content is not None


@dataclass(frozen=True)
class Foreseen:
    """What a press of the switch would do: mails by what they ask, people who get them, mails that do not leave."""

    invitations: int
    cancellations: int
    people: int
    withdrawn: int


def foresee_switch(plan: Plan, switch: ProgramInvitations | None) -> Foreseen:
    """What would be mailed if a program's invitations were switched now, the same way as it is done (rule 8).

    `switch` is as it stands before, None when they never were on. At most four queries; writes nothing.
    """
    if _mails_nobody(plan.program):
        return Foreseen(0, 0, 0, 0)
    kept = _kept(plan.program) if switch else {}
    work = _pass(plan, list(kept.values()), is_on=not (switch and switch.is_on))
    steps = list(_steps(work, kept, _mailed(list(kept.values()))))
    mails = [step for step in steps if step.is_mail]
    return Foreseen(
        invitations=sum(step.after.method is Method.REQUEST for step in mails),
        cancellations=sum(step.after.method is Method.CANCEL for step in mails),
        people=len({step.user_id for step in mails}),
        withdrawn=sum(step.withdraw and not step.is_mail for step in steps),
    )


@transaction.atomic
def bring_into_line(program_id: int) -> int:
    """Withdraw and plan invitations of one program; return how many mails were planned.

    A program that never had invitations costs one query. An example mails nobody once a mail server is set.
    """
    switch = locked(ProgramInvitations.objects.filter(pk=program_id)).first()
    if switch is None:
        return 0
    program = Program.objects.select_related("portfolio").get(pk=program_id)
    if _mails_nobody(program):
        return 0
    kept = _kept(program)
    if not switch.is_on and not kept:
        return 0
    work = _pass(load_plans([program])[0], list(kept.values()), is_on=switch.is_on)
    return sum(_take(work, step) for step in _steps(work, kept, _mailed(list(kept.values()), lock=True)))


def _mails_nobody(program: Program) -> bool:
    """Whether it is an example whose mail could leave the application; a program that is over still calls off."""
    return program.state in ALIVE and not sends(program)


def _kept(program: Program) -> dict[tuple[int, int], Invitation]:
    """Everybody's copies, by event and person."""
    rows = Invitation.objects.filter(event__program=program, user__is_active=True).select_related("user")
    return {(row.event_id, row.user_id): row for row in rows}


def _steps(work: _Pass, kept: dict[tuple[int, int], Invitation], mailed: dict[int, _Mailed]) -> Iterator[_Step]:
    """What ought to become of every copy, event by event."""
    for event in work.plan.events:
        wanted = _wanted(work, event)
        asked = sorted({user for at, user in kept if at == event.pk} | set(wanted))
        for user_id in (pk for pk in asked if pk not in work.unreached):
            row = kept.get((event.pk, user_id))
            known = mailed.get(row.pk, _Mailed()) if row else _Mailed()
            yield _step(work, event, user_id, wanted.get(user_id), row, known)


def _pass(plan: Plan, kept: list[Invitation], *, is_on: bool) -> _Pass:
    people = {person.pk: person for person in (*plan.people, *(row.user for row in kept))}
    zones = {pk: person.time_zone for pk, person in people.items()}
    unreached = frozenset(pk for pk, person in people.items() if person.no_mail_since is not None)
    declining = InvitationChoice.objects.filter(user__in=zones, declines=True).values_list("pk", flat=True)
    now = clock.now()
    return _Pass(plan, is_on, frozenset(declining), unreached, zones, now, local_date(now, plan.program.time_zone))


def _wanted(work: _Pass, event: Event) -> dict[int, Seat]:
    """Who ought to have the event in their calendar by invitation."""
    if not work.is_on or _is_off(work, event):
        return {}
    return {pk: seat for pk, seat in work.plan.seats[event.pk].items() if pk not in work.declining}


def _is_off(work: _Pass, event: Event) -> bool:
    """Whether the event itself does not take place (any more), for nobody."""
    return work.plan.program.state not in ALIVE or event.state != EventState.PENDING


def _mailed(rows: list[Invitation], *, lock: bool = False) -> dict[int, _Mailed]:
    """What became of the newest mail of each invitation; who writes locks the deliveries, in one order everywhere."""
    by_key = {key(row.event_id, row.sequence, row.user_id): row.pk for row in rows}
    asked = Delivery.objects.filter(key__in=by_key)
    found = list((locked(asked) if lock else asked).select_related("mail").order_by("pk"))
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


def _step(work: _Pass, event: Event, user_id: int, seat: Seat | None, row: Invitation | None, mailed: _Mailed) -> _Step:
    chain = chain_of(row)
    wanted = work.plan.content(event) if seat is not None else None
    happened = event.state != EventState.PENDING
    after, withdraw = advance(chain, wanted, work.today, left=mailed.left, waiting=mailed.waiting, happened=happened)
    return _Step(event, user_id, seat, row, chain, after, withdraw)


def _take(work: _Pass, step: _Step) -> int:
    """Move one person's copy of one event on; 1 when a mail was planned."""
    event, row, after = step.event, step.row, step.after
    if row is not None and (step.withdraw or after != step.chain):
        old = Delivery.objects.filter(key=key(event.pk, row.sequence, step.user_id), state__in=_OPEN)
        old.update(state=State.CANCELLED, reason=WITHDRAWN)
    if after == step.chain or after.content is None:
        return 0
    row = row or Invitation(event=event, user_id=step.user_id)
    row.sequence, row.method, row.content = after.sequence, after.method, after.content.as_json()
    row.before = after.before.as_json() if after.before else None
    if step.seat is not None:
        row.part, row.role_slug = step.seat.part, step.seat.role
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
