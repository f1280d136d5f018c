"""What every write of the risk register shares: lock, notice a lost race, clean words, record. No rules here."""

from collections.abc import Callable

from accounts.models import User
from activity import services as activity
from activity.enums import Verb
from core.errors import Conflict, Invalid
from core.locks import locked
from core.text import many_lines, one_line
from programs.models import Program, Role
from risks.domain.scale import Scale
from risks.models import Risk

QUICKER = "Somebody changed this a moment ago. Look at it as it is now, then try again."


def lock(risk: Risk) -> Risk:
    """Return the risk as it is now, locked for the rest of the transaction."""
    return locked(Risk.objects.select_related("program").filter(pk=risk.pk)).get()


def hold(program: Program) -> Program:
    """Lock a program, so that places and names are given out one writer at a time; return it as it is now."""
    return locked(Program.objects.filter(pk=program.pk)).get()


def same_version(found: int, seen: int | None, current: Callable[[], str]) -> None:
    """Notice that a row moved on since its form was drawn. Errors: Conflict with what `current` says is there now."""
    if seen is not None and seen != found:
        raise Conflict(QUICKER, current=current())


def still_open(risk: Risk) -> None:
    """Refuse to change a closed risk. Errors: Invalid."""
    if risk.closed_at is not None:
        raise Invalid("This risk is closed; open it again before you change it.")


def scale_of(program: Program) -> Scale:
    """The scale a program's risks are scored by."""
    return Scale.from_data(program.risk_scale)


def line(text: str, field: str, message: str, limit: int) -> str:
    """Return a cleaned line. Errors: Invalid at `field` when it is empty or too long."""
    return _fits(one_line(text), field, message, limit)


def words(text: str, field: str, message: str, limit: int = 500) -> str:
    """Return a cleaned text of several lines. Errors: Invalid at `field` when it is empty or too long."""
    return _fits(many_lines(text), field, message, limit)


def _fits(cleaned: str, field: str, message: str, limit: int) -> str:
    if not cleaned:
        raise Invalid(message, field=field)
    if len(cleaned) > limit:
        raise Invalid(f"Keep it to {limit} characters; this has {len(cleaned)}.", field=field)
    return cleaned


def of_program(role: Role, program: Program, field: str) -> None:
    """Refuse a role of another program. Errors: Invalid at `field`."""
    if role.program_id != program.pk:
        raise Invalid("Choose a role of this program.", field=field)


def record(actor: User | None, verb: Verb, risk: Risk, **data: object) -> None:
    """Write the activity entry of a change to a risk or to something of it; `data` is plain JSON."""
    activity.record(
        actor_id=actor.pk if actor else None,
        verb=verb,
        subject_kind="risk",
        subject_id=risk.pk,
        subject_label=risk.event,
        program_id=risk.program_id,
        data={"slug": risk.slug, **data},
    )
