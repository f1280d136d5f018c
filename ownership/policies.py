"""Who may nominate, answer and rewrite the table of responsibilities. Must not write."""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from ownership.enums import Seat
from ownership.models import Nomination
from programs import policies as programs
from programs.enums import ProgramState
from programs.models import Role
from programs.selectors import Cast


def may_nominate(actor: User, cast: Cast) -> Decision:
    """Nominate, withdraw, add areas, edit RACI: the program manager of a program that goes on."""
    return _open(cast) and programs.may_manage(actor, cast)


def may_answer(actor: User, role: Role, seat: Seat, nomination: Nomination | None, cast: Cast) -> Decision:
    """Accept or decline a seat: the nominee, or who sits there already; nobody for somebody else."""
    going = _open(cast)
    if not going:
        return going
    sitting = role.holder_id if seat is Seat.OWNER else role.deputy_id
    if nomination is not None or sitting == actor.pk:
        return ALLOWED
    what = "owner" if seat is Seat.OWNER else "deputy"
    return refused(f"Only who is nominated as {what} of {role.name} may answer; ownership is accepted, not assigned.")


def _open(cast: Cast) -> Decision:
    """Ownership moves while a program is worked on and while it runs; what ended is history."""
    if cast.program.state in (ProgramState.ACTIVE, ProgramState.RUNNING):
        return ALLOWED
    return refused(f"This program is {cast.program.state}; nothing in it changes.")
