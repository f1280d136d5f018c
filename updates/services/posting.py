"""Posts a status update and acknowledges it. An update is never changed: a correction is the next one (issue 5)."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from activity.enums import Verb
from core import clock
from core.text import many_lines, one_line
from gates.models import DeclaredStatus
from gates.services.base import complete, lock_program, note, today_of
from gates.services.declaring import declare_status, end_declaration
from programs.models import Program
from programs.selectors import cast_of
from updates import policies
from updates.domain import rules
from updates.domain.rules import Ask, UpdateInput
from updates.models import Acknowledgement, StatusUpdate
from updates.selectors import drafted, latest, reading_of


@transaction.atomic
def post_update(*, actor: User, program: Program, wanted: UpdateInput, key: str = "") -> StatusUpdate:
    """Publish an update with the facts since the last one, drafted anew at this moment.

    The colour is declared beside the computed one by the same rules as elsewhere: better needs a reason, an end and
    the sponsor's agreement; the same as computed takes an older declaration back. `key` makes a form sent twice one
    update (P16). Errors: NotAllowed, Incomplete (each missing part at its field).
    """
    program = lock_program(program)
    cast = cast_of(program)
    policies.may_post(actor, cast).require()
    twin = StatusUpdate.objects.filter(form_key=key, posted_by=actor, program=program).first() if key else None
    if twin is not None:
        twin.program = program
        return twin
    status = reading_of(program).status
    people = [person.pk for person in cast.people]
    complete(rules.faults(wanted, status.colour, people=people, today=today_of(program)))
    before = latest(program)
    _declare(actor, program, wanted, same=wanted.colour is status.colour)
    last = StatusUpdate.objects.filter(program=program).aggregate(last=Max("number"))["last"]
    made = StatusUpdate.objects.create(
        program=program,
        number=(last or 0) + 1,
        colour=wanted.colour.value,
        computed=status.colour.value,
        computed_sentence=status.sentence[:500],
        verdict=one_line(wanted.verdict)[: rules.VERDICT_LIMIT],
        reason=many_lines(wanted.reason)[:1000] if wanted.colour is not status.colour else "",
        way_back=one_line(wanted.way_back)[:400],
        way_back_owner_id=wanted.way_back_owner,
        way_back_on=wanted.way_back_on,
        facts=[fact.as_data() for fact in drafted(program, before.posted_at if before else None)],
        ask=_ask_data(wanted.ask) if wanted.ask else {},
        since=before.posted_at if before else None,
        posted_by=actor,
        posted_at=clock.now(),
        form_key=key or None,
    )
    note(actor, Verb.UPDATE_POSTED, made, program, number=made.number, colour=made.colour, computed=made.computed)
    return made


@transaction.atomic
def acknowledge(*, actor: User, update: StatusUpdate) -> Acknowledgement:
    """Say that the sponsor has read it; a second press changes nothing. Errors: NotAllowed."""
    program = lock_program(update.program)
    policies.may_acknowledge(actor, update.posted_by_id, cast_of(program)).require()
    known = Acknowledgement.objects.filter(update=update).first()
    if known is not None:
        return known
    made = Acknowledgement.objects.create(update=update, by=actor, at=clock.now())
    note(actor, Verb.UPDATE_ACKNOWLEDGED, update, program, number=update.number)
    return made


def _declare(actor: User, program: Program, wanted: UpdateInput, *, same: bool) -> None:
    if not same:
        declare_status(
            actor=actor, program=program, colour=wanted.colour, reason=wanted.reason, expires_on=wanted.expires_on
        )
        return
    standing = DeclaredStatus.objects.filter(program=program, ended_at=None).first()
    if standing is not None:
        end_declaration(actor=actor, declared=standing)


def _ask_data(ask: Ask) -> dict[str, Any]:
    return {
        "question": one_line(ask.question)[:200],
        "options": [{"name": one_line(o.name)[:80], "effect": one_line(o.effect)[:240]} for o in ask.options],
        "recommended": ask.recommended,
        "by": ask.by.isoformat() if ask.by else None,
        "silence": one_line(ask.silence)[:240],
    }
