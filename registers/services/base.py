"""What every write of the registers shares: lock, number, notice a lost race, record. No rules here."""

import datetime as dt
from typing import Any, TypeVar

from django.db import models

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core import clock
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import many_lines, one_line
from programs.models import Program
from registers.enums import RegisterKind
from registers.models import Assumption, ChallengeSession, DecisionRecord, Issue, ScopeChange
from registers.models.base import ChangingRow, RegisterRow

Row = TypeVar("Row", bound=RegisterRow)
Changing = TypeVar("Changing", bound=ChangingRow)
TITLE_LIMIT = 200
TEXT_LIMIT = 4000
KIND: dict[type[models.Model], RegisterKind] = {
    Assumption: RegisterKind.ASSUMPTION,
    Issue: RegisterKind.ISSUE,
    ScopeChange: RegisterKind.SCOPE,
    DecisionRecord: RegisterKind.DECISION,
    ChallengeSession: RegisterKind.CHALLENGE,
}
QUICKER = "Somebody changed this a moment ago. Look at it as it is now, then try again."


def hold(program: Program) -> Program:
    """Lock a program, so that numbers and ranks are given out one writer at a time; return it as it is now."""
    return locked(Program.objects.filter(pk=program.pk)).get()


def lock(row: Changing, *related: str) -> Changing:
    """Return the row as it is now with what it points to, locked for the rest of the transaction."""
    rows = type(row)._default_manager.select_related("program", "logged_by", *related).filter(pk=row.pk)
    return locked(rows).get()


def sent_before(model: type[Row], actor: User, program: Program, key: str) -> Row | None:
    """Return the row a form with this key made already: a double press makes one row (P16)."""
    if not key:
        return None
    return model._default_manager.filter(form_key=key, logged_by=actor, program=program).first()


def head(model: type[Row], actor: User, program: Program, key: str) -> dict[str, Any]:
    """Return the fields every new row has; the program must be held."""
    last = model._default_manager.filter(program=program).aggregate(last=models.Max("number"))["last"]
    return {
        "program": program,
        "number": (last or 0) + 1,
        "logged_by": actor,
        "logged_at": clock.now(),
        "form_key": key or None,
    }


def repeated(row: ChangingRow, version: int | None, *, done: bool, current: str) -> bool:
    """Say whether a form was sent twice: the row moved on since `version` was drawn, to just what is asked (`done`).

    Errors: Conflict with `current`, what is there now, when it moved elsewhere.
    """
    if version is None or row.version == version:
        return False
    if done:
        return True
    raise Conflict(QUICKER, current=current)


def change(row: ChangingRow, values: dict[str, Any]) -> dict[str, list[str]]:
    """Set what differs, save it with the next version, and return {field: [before, after]} as text for the record."""
    differs = [name for name, value in values.items() if getattr(row, name) != value]
    changed = {name: [written(getattr(row, name)), written(values[name])] for name in differs}
    if differs:
        for name in differs:
            setattr(row, name, values[name])
        row.version += 1
        row.save(update_fields=[*differs, "version"])
    return changed


def same(row: models.Model, values: dict[str, Any]) -> bool:
    """Say whether a row holds just these values."""
    return all(getattr(row, name) == value for name, value in values.items())


def written(value: Any) -> str:
    """Write a value as text for the record: what was there and what is there now."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def record(actor: User, verb: Verb, row: models.Model, program: Program, **data: Any) -> None:
    """Write the activity entry of a change; `data` is plain JSON and never holds people under before or after."""
    number = getattr(row, "number", None)
    activity.record(
        actor_id=actor.pk,
        verb=verb,
        subject_kind=KIND[type(row)].value,
        subject_id=row.pk,
        subject_label=str(row)[:400],
        program_id=program.pk,
        data={"number": number, **data} if number is not None else data,
    )


def title(text: str, message: str, *, field: str = "title", limit: int = TITLE_LIMIT) -> str:
    """Return a cleaned line. Errors: Invalid at `field` when it is empty or too long."""
    cleaned = one_line(text)
    if not cleaned:
        raise Invalid(message, field=field)
    if len(cleaned) > limit:
        raise Invalid(f"Keep it to {limit} characters; this has {len(cleaned)}.", field=field)
    return cleaned


def note(text: str, field: str) -> str:
    """Return a cleaned longer text that may be empty. Errors: Invalid at `field` when it is too long."""
    cleaned = many_lines(text)
    if len(cleaned) > TEXT_LIMIT:
        raise Invalid(f"Keep it to {TEXT_LIMIT} characters; this has {len(cleaned)}.", field=field)
    return cleaned


def needed(text: str, field: str, message: str) -> str:
    """Return a cleaned longer text. Errors: Invalid at `field` when it is empty or too long."""
    cleaned = note(text, field)
    if not cleaned:
        raise Invalid(message, field=field)
    return cleaned


def past(day: dt.date, program: Program, field: str, message: str) -> dt.date:
    """Return a day that has come in the program's time zone. Errors: Invalid at `field` for one that lies ahead."""
    if day > clock.today(program.time_zone):
        raise Invalid(message, field=field)
    return day


def of_program(row: models.Model, program: Program, field: str) -> None:
    """Refuse what belongs to another program. Errors: Invalid at `field`."""
    if getattr(row, "program_id", None) != program.pk:
        raise Invalid("Choose one of this program.", field=field)
