"""Adds ownership areas beside the four built-in ones and keeps what an area says up to date (S61, S93)."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from ownership import policies
from ownership.enums import Seat
from ownership.selectors import open_nominations
from ownership.services.base import hold, line, needed
from ownership.services.nominating import ask
from programs.enums import Duration
from programs.models import OwnershipArea, Program, Role
from programs.selectors import cast_of

LONGEST = 999


@dataclass(frozen=True)
class AreaText:
    """What an area says: what it covers, what its owner may decide, does regularly, and how fast they answer."""

    name: str
    covers: str
    may_decide: str
    routine: str
    team: str = ""
    trigger: str = ""
    amount: int = 0
    unit: Duration = Duration.WORKING_DAYS


@transaction.atomic
def add_area(*, actor: User, program: Program, role: Role, text: AreaText) -> OwnershipArea:
    """Add an area that `role` owns; who holds the role is asked to accept it (S61).

    The same name sent twice is one area. Errors: NotAllowed, Invalid.
    """
    program = hold(program)
    cast = cast_of(program)
    policies.may_nominate(actor, cast).require()
    if role.pk not in cast.by_id:
        raise Invalid("Choose a role of this program.", field="role")
    values = _values(text)
    known = OwnershipArea.objects.filter(program=program, name__iexact=values["name"]).first()
    if known is not None:
        if known.role_id == role.pk and known.covers == values["covers"]:
            return known
        raise Invalid("There is an area of this name already.", field="name")
    last = OwnershipArea.objects.filter(program=program).aggregate(last=Max("position"))["last"]
    area = OwnershipArea.objects.create(
        program=program,
        slug=_free_slug(program, values["name"]),
        position=0 if last is None else last + 1,
        role=role,
        response_times=_waits(text),
        **values,
    )
    _record(actor, Verb.AREA_ADDED, area, role=role.slug)
    held = cast.by_id[role.pk]
    for seat, person in ((Seat.OWNER, held.holder), (Seat.DEPUTY, held.deputy)):
        asked = open_nominations().filter(role=held, seat=seat, person=person)
        if person is not None and person.is_active and not asked.exists():
            ask(program, held, seat, person, actor=actor, effective_from=clock.today(program.time_zone))
    return area


@transaction.atomic
def change_area(*, actor: User, area: OwnershipArea, text: AreaText, version: int) -> OwnershipArea:
    """Rewrite what an area says; its owner stays. Errors: NotAllowed, Invalid, Conflict with what is there now."""
    policies.may_nominate(actor, cast_of(area.program)).require()
    row = locked(OwnershipArea.objects.select_related("program").filter(pk=area.pk)).get()
    values: dict[str, Any] = _values(text)
    waits = _waits(text)
    if waits:
        values["response_times"] = [*waits, *row.response_times[1:]]
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return row
    if row.version != version:
        raise Conflict("Somebody changed this area a moment ago.", current=f"{row.name}: {row.covers}")
    if OwnershipArea.objects.filter(program=row.program, name__iexact=values["name"]).exclude(pk=row.pk).exists():
        raise Invalid("There is an area of this name already.", field="name")
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    _record(actor, Verb.AREA_CHANGED, row, fields=sorted(changed))
    return row


def _values(text: AreaText) -> dict[str, str]:
    name = line(text.name, "name", 120)
    if not name:
        raise Invalid("Give the area a name.", field="name")
    return {
        "name": name,
        "covers": needed(text.covers, "covers", "Say what it covers."),
        "may_decide": needed(text.may_decide, "may_decide", "Say what its owner may decide alone."),
        "routine": needed(text.routine, "routine", "Say what its owner does regularly."),
        "team": line(text.team, "team"),
    }


def _waits(text: AreaText) -> list[dict[str, Any]]:
    trigger = line(text.trigger, "trigger", 80)
    if not trigger:
        return []
    if not 0 <= text.amount <= LONGEST:
        raise Invalid(f"Write a number from 0 to {LONGEST}.", field="amount")
    return [{"trigger": trigger, "amount": text.amount, "unit": text.unit.value}]


def _free_slug(program: Program, name: str) -> str:
    base = slugify(name)[:50].strip("-") or "area"
    taken = set(OwnershipArea.objects.filter(program=program).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _record(actor: User, verb: Verb, area: OwnershipArea, **data: Any) -> None:
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind="area",
        subject_id=area.pk,
        subject_label=area.name,
        program_id=area.program_id,
        data=data,
    )
