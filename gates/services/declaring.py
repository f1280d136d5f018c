"""Declared status beside the computed one: worse freely, better with the sponsor's yes and an end."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from activity.enums import Verb
from activity.selectors import last_at
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import many_lines
from gates import policies
from gates.domain import declaring as rules
from gates.models import DeclaredStatus
from gates.selectors.ledger import limits_of
from gates.selectors.reading import read_program
from gates.services.base import complete, lock_program, note, today_of
from phases.domain.status import Colour
from phases.selectors import load_plan
from programs.models import Program
from programs.selectors import cast_of


@transaction.atomic
def declare_status(
    *, actor: User, program: Program, colour: Colour, reason: str, expires_on: dt.date | None = None
) -> DeclaredStatus:
    """Declare a colour; a former declaration ends. Better than computed waits for the sponsor's agreement.

    Errors: NotAllowed, Incomplete (no reason, no expiry within the playbook's days).
    """
    program = lock_program(program)
    policies.may_declare(actor, cast_of(program)).require()
    today = today_of(program)
    computed = read_program(load_plan(program), today=today, last_update=last_at(program.pk)).status.colour
    limits = limits_of(program)
    complete(rules.faults(colour, computed, reason=reason, expires_on=expires_on, today=today, limits=limits))
    better = rules.is_better(colour, computed)
    words = many_lines(reason)[:1000]
    standing = DeclaredStatus.objects.filter(program=program, ended_at=None).first()
    if standing is not None:
        same = (standing.colour, standing.reason, standing.expires_on) == (colour.value, words, expires_on)
        if same and standing.declared_by_id == actor.pk:
            return standing
        _end(actor, standing, program)
    made = DeclaredStatus.objects.create(
        program=program,
        colour=colour.value,
        computed=computed.value,
        better=better,
        reason=words,
        declared_by=actor,
        declared_at=clock.now(),
        expires_on=expires_on if better else None,
    )
    note(actor, Verb.STATUS_DECLARED, made, program, colour=colour.value, computed=computed.value, reason=words)
    return made


@transaction.atomic
def agree_status(*, actor: User, declared: DeclaredStatus) -> DeclaredStatus:
    """Agree to a status that is better than computed: the sponsor; both stay shown. Errors: NotAllowed, Invalid."""
    declared = locked(DeclaredStatus.objects.select_related("program").filter(pk=declared.pk)).get()
    policies.may_agree(actor, declared.declared_by_id, cast_of(declared.program)).require()
    if declared.agreed_at is not None:
        return declared
    if declared.ended_at is not None or not declared.better:
        raise Invalid("This declaration needs no agreement.")
    if declared.expires_on is not None and declared.expires_on < today_of(declared.program):
        raise Invalid("This declaration has expired.")
    declared.agreed_by, declared.agreed_at = actor, clock.now()
    declared.save(update_fields=["agreed_by", "agreed_at"])
    note(actor, Verb.STATUS_AGREED, declared, declared.program, colour=declared.colour)
    return declared


@transaction.atomic
def end_declaration(*, actor: User, declared: DeclaredStatus) -> DeclaredStatus:
    """Take a declaration back: the program manager. Errors: NotAllowed."""
    declared = locked(DeclaredStatus.objects.select_related("program").filter(pk=declared.pk)).get()
    policies.may_declare(actor, cast_of(declared.program)).require()
    return declared if declared.ended_at else _end(actor, declared, declared.program)


def expire(program: Program, today: dt.date) -> int:
    """End a declaration that is over, with an entry. Returns how many."""
    over = locked(DeclaredStatus.objects.filter(program=program, ended_at=None, expires_on__lt=today)).first()
    if over is None:
        return 0
    _end(None, over, program)
    return 1


def _end(actor: User | None, declared: DeclaredStatus, program: Program) -> DeclaredStatus:
    declared.ended_at = clock.now()
    declared.save(update_fields=["ended_at"])
    note(actor, Verb.STATUS_ENDED, declared, program, colour=declared.colour)
    return declared
