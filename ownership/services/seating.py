"""Puts an acceptance into force and ends others. Must not ask for rights: the services around it did."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import User
from activity.enums import Verb
from core import clock
from ownership.enums import Answer, Seat
from ownership.models import OwnershipAcceptance
from ownership.selectors import open_nominations
from ownership.services.base import fresh, record
from ownership.services.nominating import close
from programs.models import OwnershipArea, Role


def take(acceptance: OwnershipAcceptance, actor: User) -> None:
    """Seat the person, end what stood there, and let the areas say so; call with the program locked.

    Records role.filled or role.deputy_set where the seat changes hands.
    """
    role, seat, person = fresh(acceptance.role), Seat(acceptance.seat), acceptance.person
    others = in_force(role, seat).exclude(pk=acceptance.pk)
    end(others.exclude(person=person), actor, f"Handed over to {person}")
    end(others.filter(person=person), actor, "Accepted anew")
    acceptance.taken_at = clock.now()
    acceptance.save(update_fields=["taken_at"])
    for area in role.ownership_areas.all():
        _accept_area(acceptance, area)
    asked = open_nominations().filter(role=role, seat=seat).exclude(person=person)
    close(list(asked), Answer.SUPERSEDED, f"{person} accepted it")
    if seat is Seat.OWNER:
        _seat_owner(role, person, actor)
    elif role.deputy_id != person.pk:
        before, role.deputy = role.deputy_id, person
        _save(role)
        record(actor, Verb.ROLE_DEPUTY_SET, role, before=before, after=person.pk)


def in_force(role: Role, seat: Seat) -> QuerySet[OwnershipAcceptance]:
    """Return what stands on a seat, the role and its areas."""
    return OwnershipAcceptance.objects.filter(role=role, seat=seat, taken_at__isnull=False, ended_at=None)


def end(rows: Iterable[OwnershipAcceptance], actor: User | None, why: str) -> None:
    """End acceptances once and for all, with who and why."""
    now = clock.now()
    for row in rows:
        row.ended_at, row.ended_by, row.ended_why = now, actor, why[:400]
        row.save(update_fields=["ended_at", "ended_by", "ended_why"])


def clear_areas(role: Role, seat: Seat) -> None:
    """Let the areas of a role say that nobody who sits there has accepted them."""
    areas = OwnershipArea.objects.filter(role=role)
    if seat is Seat.OWNER:
        areas.update(accepted_by=None, accepted_at=None, effective_from=None)
    else:
        areas.update(deputy_accepted_by=None)


def _accept_area(acceptance: OwnershipAcceptance, area: OwnershipArea) -> None:
    OwnershipAcceptance.objects.create(
        program=acceptance.program,
        role=acceptance.role,
        area=area,
        seat=acceptance.seat,
        person=acceptance.person,
        words=acceptance.words,
        accepted_at=acceptance.accepted_at,
        effective_from=acceptance.effective_from,
        deputy=acceptance.deputy,
        taken_at=acceptance.taken_at,
    )
    if acceptance.seat == Seat.OWNER:
        area.accepted_by, area.accepted_at = acceptance.person, acceptance.accepted_at
        area.effective_from = acceptance.effective_from
        area.save(update_fields=["accepted_by", "accepted_at", "effective_from"])
    else:
        area.deputy_accepted_by = acceptance.person
        area.save(update_fields=["deputy_accepted_by"])


def _seat_owner(role: Role, person: User, actor: User) -> None:
    """Make the person the holder; the deputy who becomes the owner leaves the other seat."""
    rises, before = role.deputy_id == person.pk, role.holder_id
    if not rises and before == person.pk:
        return
    if rises:
        role.deputy = None
    if before != person.pk:
        role.holder, role.vacant_since = person, None
    # Both seats before either is told: in between the person would seem to have left the program.
    _save(role)
    if rises:
        record(actor, Verb.ROLE_DEPUTY_SET, role, before=person.pk, after=None)
    if before != person.pk:
        record(actor, Verb.ROLE_FILLED, role, before=before, after=person.pk)


def _save(role: Role) -> None:
    role.version += 1
    role.save(update_fields=["holder", "deputy", "vacant_since", "version"])
