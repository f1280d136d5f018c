"""Launch a program: one transaction that creates everything a dated plan holds, or nothing.

Must not date or decide anything itself: `domain.plan` does, so that a dry run shows exactly what a launch makes.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts.managers import clean_email
from accounts.models import User
from accounts.services import ensure_person, invite
from activity import services as activity
from activity.enums import Verb
from core.decisions import ALLOWED
from core.errors import Conflict
from playbooks import policies
from playbooks.domain.faults import Fault, FileFaultsError
from playbooks.domain.plan import LaunchPlan, plan_launch
from playbooks.domain.spec import LaunchSpec, PersonSpec
from playbooks.selectors import free_program_slug, known_playbooks
from playbooks.services.rows import ProgramRows, create_rows
from programs.models import Program
from programs.services import portfolio_named

ATTEMPTS = 3


def launch(
    *,
    actor: User | None,
    spec: LaunchSpec,
    now: dt.datetime,
    launch_key: str | None = None,
    is_example: bool = False,
    invite_new: bool = False,
) -> Program:
    """Create the program of `spec` with everything in it, in one transaction (S1, S55, S61, G14, P17).

    `actor` is None on the command line of the installation, which needs no further right. `launch_key` makes a
    repeated launch of the same form answer with the program of the first. New people get accounts they can only enter
    by an invitation; `invite_new` mails it to them after the commit. Records program.launched. Errors: NotAllowed;
    FileFaultsError for a deactivated person or a calendar without working days; Conflict when others keep winning.
    """
    if actor is not None:
        policies.may_launch(actor).require()
    plan = plan_launch(known_playbooks()[spec.program.playbook], spec)
    for _ in range(ATTEMPTS):
        if launch_key and (made := Program.objects.filter(launch_key=launch_key).first()):
            return made
        try:
            with transaction.atomic():
                program, newcomers = _create(actor, plan, now, launch_key, is_example)
                if actor is not None and invite_new:
                    _invite(actor, program, newcomers)
                return program
        except IntegrityError:
            continue  # somebody took the key, the slug or an address in the same instant; it is visible now
    raise Conflict("Others are launching the same things at this moment. Try again.")


def _create(
    actor: User | None, plan: LaunchPlan, now: dt.datetime, launch_key: str | None, is_example: bool
) -> tuple[Program, list[User]]:
    program = program_row(plan, now, launch_key=launch_key, is_example=is_example)
    people, newcomers = _people(actor, plan.spec)
    program.portfolio = portfolio_named(plan.spec.program.portfolio)
    program.slug = free_program_slug(plan.spec.program.name)
    program.save(force_insert=True)
    today = now.astimezone(ZoneInfo(program.time_zone)).date()
    create_rows([ProgramRows(program, plan, people, vacant_since=today)])
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=Verb.PROGRAM_LAUNCHED,
        subject_kind="program",
        subject_id=program.pk,
        subject_label=program.name,
        program_id=program.pk,
        data={
            "playbook": program.playbook_slug,
            "playbook_version": program.playbook_version,
            "tier": program.tier,
            "start_date": program.start_date.isoformat(),
            "counts": plan.counts(),
        },
    )
    return program, newcomers


def _invite(actor: User, program: Program, newcomers: list[User]) -> None:
    """Mail a way in to people who had no account before; whoever launches may name and so invite them."""
    for user in newcomers:
        invite(actor=actor, email=user.email, program_name=program.name, decision=ALLOWED)


def program_row(plan: LaunchPlan, now: dt.datetime, *, launch_key: str | None, is_example: bool) -> Program:
    """The unsaved program of a plan, still without portfolio and slug."""
    book, spec = plan.playbook, plan.spec.program
    ceiling = spec.cost_ceiling
    return Program(
        name=spec.name,
        start_date=spec.start_date,
        end_date=plan.end_date,
        time_zone=spec.time_zone,
        country=spec.calendar.country,
        subdivision=spec.calendar.subdivision or "",
        weekend=sorted(set(spec.calendar.weekend)),
        extra_days_off=sorted(day.isoformat() for day in set(spec.calendar.extra_days_off)),
        tier=plan.tier,
        profile=spec.profile.model_dump(mode="json"),
        playbook_slug=book.template.slug,
        playbook_version=book.template.version,
        strategic_priority=spec.strategic_priority,
        cost_ceiling_amount=ceiling.amount if ceiling else None,
        cost_currency=ceiling.currency if ceiling else "",
        is_example=is_example,
        launched_at=now,
        limits=book.limits.model_dump(mode="json"),
        scoring=book.scoring.model_dump(mode="json"),
        risk_scale=book.risk_scale.model_dump(mode="json"),
        launch_key=launch_key,
    )


def _people(actor: User | None, spec: LaunchSpec) -> tuple[dict[str, User], list[User]]:
    """Everybody of the specification by lower-case address, and who of them is new; who is known stays unchanged."""
    addresses = [clean_email(person.email) for person in spec.people]
    known = {user.email: user for user in User.objects.filter(email__in=addresses)}
    faults = [
        Fault(0, f"people[{at}].email", f"the account of {address} is deactivated; reactivate it or name somebody else")
        for at, address in enumerate(addresses)
        if address in known and not known[address].is_active
    ]
    if faults:
        raise FileFaultsError(faults)
    newcomers = []
    for address, person in zip(addresses, spec.people, strict=True):
        if address not in known:
            known[address] = _new_person(actor, person, spec.program.time_zone)
            newcomers.append(known[address])
    return known, newcomers


def _new_person(actor: User | None, person: PersonSpec, program_zone: str) -> User:
    zone = person.time_zone or program_zone
    user = ensure_person(actor=actor, email=person.email, name=person.name, time_zone=zone)
    if user.reminder_hour != person.reminder_hour:
        user.reminder_hour = person.reminder_hour
        user.save(update_fields=["reminder_hour"])
    return user
