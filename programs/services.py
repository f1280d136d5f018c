"""Writes programs and roles. Must not know the plan."""

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from programs import policies
from programs.enums import ProgramState
from programs.models import Portfolio, Program, Role
from programs.selectors import cast_of


def portfolio_named(name: str) -> Portfolio:
    """Return the portfolio of that name, made when there is none (names compared without case)."""
    found = Portfolio.objects.filter(name__iexact=name).first()
    if found:
        return found
    return Portfolio.objects.create(name=name, slug=free_slug(Portfolio, name, 60))


def free_slug(model: type[Portfolio] | type[Program], name: str, limit: int) -> str:
    """Return a slug for `name` that no row of `model` has yet."""
    base = slugify(name)[: limit - 5].strip("-") or model.__name__.lower()
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def fill_role(*, actor: User, role: Role, person: User, version: int | None = None) -> Role:
    """Make `person` the holder of `role`; the former holder's items follow the role.

    Errors: NotAllowed, Invalid (deactivated person, or the deputy of the same role), Conflict.
    """
    role = _lock(actor, role, version)
    _usable(person, "holder")
    if role.deputy_id == person.pk:
        raise Invalid(f"{person} is already the deputy of this role; one person cannot be both.", field="holder")
    before, role.holder, role.vacant_since = role.holder_id, person, None
    _save(role)
    _record(actor, Verb.ROLE_FILLED, role, {"before": before, "after": person.pk})
    return role


@transaction.atomic
def vacate_role(*, actor: User, role: Role, version: int | None = None) -> Role:
    """Leave `role` without a holder: a gap from today on, shown and mailed. Errors: NotAllowed, Conflict."""
    role = _lock(actor, role, version)
    if role.holder_id is None:
        return role
    before, role.holder = role.holder_id, None
    role.vacant_since = clock.today(role.program.time_zone)
    _save(role)
    _record(actor, Verb.ROLE_VACATED, role, {"before": before, "after": None})
    return role


@transaction.atomic
def set_deputy(*, actor: User, role: Role, person: User | None, version: int | None = None) -> Role:
    """Name or clear the deputy of `role`. Errors: NotAllowed, Invalid, Conflict."""
    role = _lock(actor, role, version)
    if person is not None:
        _usable(person, "deputy")
        if role.holder_id == person.pk:
            raise Invalid(f"{person} holds this role; the deputy is somebody else.", field="deputy")
    before, role.deputy = role.deputy_id, person
    _save(role)
    _record(actor, Verb.ROLE_DEPUTY_SET, role, {"before": before, "after": person.pk if person else None})
    return role


@transaction.atomic
def pause_program(*, actor: User, program: Program, reason: str) -> Program:
    """Stop the reminders of a program for a while. Errors: NotAllowed, Invalid (no reason, or not active)."""
    return _turn(actor, program, reason, ProgramState.ACTIVE, ProgramState.PAUSED, Verb.PROGRAM_PAUSED)


@transaction.atomic
def resume_program(*, actor: User, program: Program, reason: str) -> Program:
    """Let a paused program go on. Errors: NotAllowed, Invalid (no reason, or not paused)."""
    return _turn(actor, program, reason, ProgramState.PAUSED, ProgramState.ACTIVE, Verb.PROGRAM_RESUMED)


def _turn(actor: User, program: Program, reason: str, before: ProgramState, after: ProgramState, verb: Verb) -> Program:
    policies.may_manage(actor, cast_of(program)).require()
    if not reason.strip():
        raise Invalid("Say why, so that people who get no mail any more can read it.", field="reason")
    program = locked(Program.objects.filter(pk=program.pk)).get()
    if program.state != before:
        raise Invalid(f"This program is {program.state}, not {before.value}.")
    program.state, program.version = after, program.version + 1
    program.save(update_fields=["state", "version"])
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind="program",
        subject_id=program.pk,
        subject_label=program.name,
        program_id=program.pk,
        data={"reason": reason.strip()},
    )
    return program


def _lock(actor: User, role: Role, version: int | None) -> Role:
    policies.may_manage(actor, cast_of(role.program)).require()
    fresh = locked(Role.objects.select_related("program", "holder", "deputy").filter(pk=role.pk)).get()
    if version is not None and fresh.version != version:
        now = f"holder {fresh.holder or 'nobody'}, deputy {fresh.deputy or 'nobody'}"
        raise Conflict(f"Somebody changed {fresh.name} a moment ago.", current=now)
    return fresh


def _usable(person: User, field: str) -> None:
    if not person.is_active:
        raise Invalid(f"{person} is deactivated and cannot take a role.", field=field)


def _save(role: Role) -> None:
    role.version += 1
    role.save(update_fields=["holder", "deputy", "vacant_since", "version"])


def _record(actor: User, verb: Verb, role: Role, data: dict[str, int | None]) -> None:
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind="role",
        subject_id=role.pk,
        subject_label=role.name,
        program_id=role.program_id,
        data=data,
    )
