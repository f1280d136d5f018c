"""Who may launch a program and who may remove an example. Must not write."""

from accounts.models import User
from core.decisions import ALLOWED, Decision, refused
from programs import policies as programs
from programs.enums import PROGRAM_MANAGER
from programs.models import Program, Role
from programs.selectors import cast_of


def may_launch(actor: User) -> Decision:
    """Installation administrators, and whoever already manages a program (one query for the latter)."""
    if not actor.is_active:
        return refused("This account is deactivated.")
    if actor.is_administrator or Role.objects.filter(slug=PROGRAM_MANAGER, holder=actor).exists():
        return ALLOWED
    return refused("Only an administrator, or somebody who manages a program already, may launch a program.")


def may_remove_example(actor: User, program: Program) -> Decision:
    """Whoever may manage the example may remove it; a real program is stopped, never removed."""
    if not program.is_example:
        return refused("Only example programs can be removed; a real one is stopped, so that its record stays.")
    return programs.may_manage(actor, cast_of(program))
