"""What every write of ownership shares: lock the program, find the seat, record. No rules here."""

from typing import Any

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core.errors import Invalid
from core.locks import locked
from core.text import many_lines, one_line
from ownership.enums import Seat
from programs.models import Program, Role

WORDS_LIMIT = 2000
LINE_LIMIT = 200


def hold(program: Program) -> Program:
    """Lock a program, so that one writer at a time moves its seats; return it as it is now."""
    return locked(Program.objects.filter(pk=program.pk)).get()


def fresh(role: Role) -> Role:
    """Return the role as it is now with its people, locked for the rest of the transaction."""
    return locked(Role.objects.select_related("program", "holder", "deputy").filter(pk=role.pk)).get()


def sitting(role: Role, seat: Seat) -> User | None:
    """Return who sits there now."""
    return role.holder if seat is Seat.OWNER else role.deputy


def needed(text: str, field: str, message: str, limit: int = WORDS_LIMIT) -> str:
    """Return a cleaned text. Errors: Invalid at `field` when it is empty or too long."""
    cleaned = many_lines(text)
    if not cleaned:
        raise Invalid(message, field=field)
    if len(cleaned) > limit:
        raise Invalid(f"Keep it to {limit} characters; this has {len(cleaned)}.", field=field)
    return cleaned


def line(text: str, field: str, limit: int = LINE_LIMIT) -> str:
    """Return a cleaned line that may be empty. Errors: Invalid at `field` when it is too long."""
    cleaned = one_line(text)
    if len(cleaned) > limit:
        raise Invalid(f"Keep it to {limit} characters; this has {len(cleaned)}.", field=field)
    return cleaned


def record(actor: User | None, verb: Verb, role: Role, **data: Any) -> None:
    """Write the activity entry of a change to a role; `data` is plain JSON, people under before and after as ids."""
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind="role",
        subject_id=role.pk,
        subject_label=role.name,
        program_id=role.program_id,
        data=data,
    )
