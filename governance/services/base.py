"""What every write of this app shares: lock, number, cleaned text, the activity entry. No rules here."""

import datetime as dt
from typing import Any, TypeVar

from django.db import models

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Invalid
from core.locks import locked
from core.text import many_lines, one_line
from governance.models import BenefitReading, ChangeRecord, GovernanceEvent
from programs.models import Program, Role

Row = TypeVar("Row", BenefitReading, ChangeRecord)
KINDS: dict[type[models.Model], str] = {
    GovernanceEvent: "governance",
    BenefitReading: "benefit",
    ChangeRecord: "change",
}
TEXT_LIMIT = 4000


def hold(program: Program) -> Program:
    """Lock a program, so that numbers and rows are made one writer at a time; return it as it is now."""
    return locked(Program.objects.filter(pk=program.pk)).get()


def today_of(program: Program) -> dt.date:
    """The date in the program's time zone."""
    return clock.today(program.time_zone)


def next_number(model: type[Row], program: Program) -> int:
    """The next number of a row; the program must be held."""
    last = model._default_manager.filter(program=program).aggregate(last=models.Max("number"))["last"]
    return (last or 0) + 1


def line(text: str, field: str, message: str, *, limit: int = 300) -> str:
    """Return a cleaned line. Errors: Invalid at `field` when it is empty or longer than `limit` characters."""
    cleaned = one_line(text)
    if not cleaned:
        raise Invalid(message, field=field)
    if len(cleaned) > limit:
        raise Invalid(f"Keep it to {limit} characters; this has {len(cleaned)}.", field=field)
    return cleaned


def words(text: str, field: str, message: str = "") -> str:
    """Return a cleaned longer text; empty only when `message` is. Errors: Invalid at `field`."""
    cleaned = many_lines(text)
    if not cleaned and message:
        raise Invalid(message, field=field)
    if len(cleaned) > TEXT_LIMIT:
        raise Invalid(f"Keep it to {TEXT_LIMIT} characters; this has {len(cleaned)}.", field=field)
    return cleaned


def past(day: dt.date, program: Program, field: str) -> dt.date:
    """Return a day that has come in the program's time zone. Errors: Invalid at `field`."""
    if day > today_of(program):
        raise Invalid("That day lies ahead.", field=field)
    return day


def of_program(role: Role, program: Program) -> Role:
    """Return a role of this program. Errors: Invalid for another one's."""
    if role.program_id != program.pk:
        raise Invalid("Choose a role of this program.", field="owner_role")
    return role


def record(actor: User, verb: Verb, subject: models.Model, program: Program, **data: Any) -> None:
    """Write the activity entry of a change; `data` is plain JSON."""
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind=KINDS[type(subject)],
        subject_id=int(str(subject.pk)),
        subject_label=str(subject)[:400],
        program_id=program.pk,
        data=data,
    )
