"""What other writes mean for ownership, in their own transaction: a launch, a changed role, a closed account.

Must not decide who may name people; it only keeps acceptance true to who sits where.
"""

import datetime as dt
from collections.abc import Callable

from django.db.models import Q

from accounts.models import User
from activity.enums import Verb
from activity.models import Entry
from core import clock
from core.errors import Invalid
from core.locks import locked
from ownership.enums import Answer, Seat
from ownership.models import Nomination, OwnershipAcceptance
from ownership.selectors import ENDED, open_nominations
from ownership.services.accepting import leave
from ownership.services.nominating import ask, close
from ownership.services.seating import clear_areas, end
from programs.models import OwnershipArea, Program, Role


def on_activity(entry: Entry) -> None:
    """Hear of one activity entry. Side effects: nominations, ended acceptances, vacancies."""
    handler = _HANDLERS.get(Verb(entry.verb))
    if handler is not None:
        handler(entry)


def _launched(entry: Entry) -> None:
    """Whoever the launch put on a seat that owns an area is asked to accept it."""
    program = Program.objects.get(pk=entry.subject_id)
    owning = OwnershipArea.objects.filter(program=program).values("role_id")
    roles = Role.objects.filter(pk__in=owning).order_by("position", "pk").select_related("holder", "deputy")
    now, today = clock.now(), clock.today(program.time_zone)
    Nomination.objects.bulk_create(
        Nomination(
            program=program,
            role=role,
            seat=seat,
            person=person,
            effective_from=today,
            nominated_at=now,
            nominated_on=today,
        )
        for role in roles
        for seat, person in ((Seat.OWNER, role.holder), (Seat.DEPUTY, role.deputy))
        if person is not None
    )


def _owner_changed(entry: Entry) -> None:
    _seat_changed(entry, Seat.OWNER)


def _deputy_changed(entry: Entry) -> None:
    _seat_changed(entry, Seat.DEPUTY)


def _seat_changed(entry: Entry, seat: Seat) -> None:
    """End what the former person accepted, and ask the new one unless they have accepted already.

    Errors: Invalid where an owned area would move from one present person to another without the new one's word.
    """
    role = Role.objects.select_related("program", "holder", "deputy").get(pk=entry.subject_id)
    before, after = entry.data.get("before"), entry.data.get("after")
    actor = User.objects.filter(pk=entry.actor_id).first() if entry.actor_id else None
    standing = OwnershipAcceptance.objects.filter(role=role, seat=seat, taken_at__isnull=False, ended_at=None)
    accepted = after is not None and standing.filter(person_id=after).exists()
    owning = OwnershipArea.objects.filter(role=role).exists()
    if seat is Seat.OWNER and owning and after and before and not accepted:
        _refuse_transfer(role, int(before))
    others = list(standing.exclude(person_id=after) if after else standing)
    end(others, actor, entry.data.get("reason") or "Left the role")
    if before:
        mine = open_nominations().filter(role=role, seat=seat, person_id=before)
        close(list(mine), Answer.WITHDRAWN, "Left the role")
    if accepted:
        return
    clear_areas(role, seat)
    person = role.holder if seat is Seat.OWNER else role.deputy
    if after and person is not None and owning:
        known = open_nominations().filter(role=role, seat=seat, person=person)
        if not known.exists():
            ask(role.program, role, seat, person, actor=actor, effective_from=_today(role))


def _refuse_transfer(role: Role, before: int) -> None:
    former = User.objects.filter(pk=before, is_active=True).first()
    if former is not None:
        raise Invalid(
            f"{role.name} owns an area, and {former} stays its owner until the new one accepts: nominate them.",
            field="holder",
        )


def _left(entry: Entry) -> None:
    """A closed account leaves every seat at once, so that the vacancy shows and is mailed (S60)."""
    user_id = entry.subject_id
    actor = User.objects.filter(pk=entry.actor_id).first() if entry.actor_id else None
    why = "The account was deactivated"
    close(list(open_nominations().filter(person_id=user_id)), Answer.WITHDRAWN, why)
    end(OwnershipAcceptance.objects.filter(person_id=user_id, taken_at=None, ended_at=None), actor, why)
    seats = Role.objects.filter(Q(holder_id=user_id) | Q(deputy_id=user_id)).exclude(program__state__in=ENDED)
    roles = locked(seats.order_by("pk").select_related("program", "holder", "deputy"))
    for role in roles:
        for seat, person_id in ((Seat.OWNER, role.holder_id), (Seat.DEPUTY, role.deputy_id)):
            if person_id == user_id:
                leave(role, seat, actor, reason=why)


def _today(role: Role) -> dt.date:
    return clock.today(role.program.time_zone)


_HANDLERS: dict[Verb, Callable[[Entry], None]] = {
    Verb.PROGRAM_LAUNCHED: _launched,
    Verb.ROLE_FILLED: _owner_changed,
    Verb.ROLE_VACATED: _owner_changed,
    Verb.ROLE_DEPUTY_SET: _deputy_changed,
    Verb.USER_DEACTIVATED: _left,
}
