"""Asks somebody to take a seat, and takes the question back. Must not seat anybody: acceptance does (promise 5)."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from ownership import policies
from ownership.enums import Answer, Seat
from ownership.models import Nomination
from ownership.selectors import open_nominations
from ownership.services.base import fresh, hold, line, record, sitting
from programs.models import Program, Role
from programs.selectors import cast_of

FURTHEST = 180
"""Days ahead for which a handover may be agreed; beyond that the year is probably wrong."""


@transaction.atomic
def nominate(
    *, actor: User, role: Role, seat: Seat, person: User, effective_from: dt.date | None = None, note: str = ""
) -> Nomination:
    """Ask `person` to own `role` with its areas, or to be its deputy, from `effective_from` on (S59, S60).

    Whoever sits there stays until the nominee accepts. Sent twice it is one nomination; a new day or note replaces the
    old one. Errors: NotAllowed, Invalid (deactivated, already accepted there, both seats, a day in the past).
    """
    program = hold(role.program)
    policies.may_nominate(actor, cast_of(program)).require()
    role, today = fresh(role), clock.today(program.time_zone)
    day = effective_from or today
    if not person.is_active:
        raise Invalid(f"{person} is deactivated and cannot take a role.", field="person")
    if day < today:
        raise Invalid("Ownership cannot start before today.", field="effective_from")
    if (day - today).days > FURTHEST:
        raise Invalid(f"That is more than {FURTHEST} days ahead; check the year.", field="effective_from")
    if seat is Seat.DEPUTY and role.holder_id == person.pk:
        raise Invalid(f"{person} holds this role; the deputy is somebody else.", field="person")
    words = line(note, "note", 400)
    known = open_nominations().filter(role=role, seat=seat, person=person).first()
    if known is not None:
        if (known.effective_from, known.note) != (day, words):
            known.effective_from, known.note = day, words
            known.save(update_fields=["effective_from", "note"])
        return known
    accepted = role.acceptances.filter(seat=seat, person=person, area=None, ended_at=None)
    if accepted.exists() and not _owes(role, seat, person):
        raise Invalid(f"{person} has accepted this already.", field="person")
    return ask(program, role, seat, person, actor=actor, effective_from=day, note=words)


def ask(
    program: Program,
    role: Role,
    seat: Seat,
    person: User,
    *,
    actor: User | None,
    effective_from: dt.date,
    note: str = "",
) -> Nomination:
    """Write an open nomination and its entry; call inside a transaction, after the policy."""
    made = Nomination.objects.create(
        program=program,
        role=role,
        seat=seat,
        person=person,
        note=note,
        effective_from=effective_from,
        nominated_by=actor,
        nominated_at=clock.now(),
        nominated_on=clock.today(program.time_zone),
    )
    before = sitting(role, seat)
    record(
        actor,
        Verb.OWNERSHIP_NOMINATED,
        role,
        seat=seat.value,
        before=before.pk if before else None,
        after=person.pk,
        effective_from=effective_from.isoformat(),
    )
    return made


@transaction.atomic
def withdraw(*, actor: User, nomination: Nomination, reason: str = "") -> Nomination:
    """Take a nomination back; done twice it is one. Errors: NotAllowed, Conflict when it was answered meanwhile."""
    policies.may_nominate(actor, cast_of(nomination.program)).require()
    hold(nomination.program)
    row = locked(Nomination.objects.select_related("role", "person").filter(pk=nomination.pk)).get()
    if row.answer == Answer.WITHDRAWN:
        return row
    if row.answer != Answer.OPEN:
        raise Conflict(f"{row.person} has answered meanwhile.", current=Answer(row.answer).label)
    close([row], Answer.WITHDRAWN, line(reason, "reason", 400))
    record(actor, Verb.OWNERSHIP_WITHDRAWN, row.role, seat=row.seat, before=row.person_id, after=None)
    return row


def close(rows: list[Nomination], answer: Answer, reason: str = "") -> None:
    """Answer open nominations in one go."""
    now = clock.now()
    for row in rows:
        row.answer, row.answered_at, row.reason = answer, now, reason
        row.save(update_fields=["answer", "answered_at", "reason"])


def _owes(role: Role, seat: Seat, person: User) -> bool:
    """Whether an area of the role came later than the person's acceptance of it."""
    return seat is Seat.OWNER and role.ownership_areas.exclude(accepted_by=person).exists()
