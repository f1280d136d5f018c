"""Which rows somebody may see. Must not render or decide more than visibility."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from programs.models import Program, Role


def visible_to(actor: User) -> QuerySet[Program]:
    """Return the programs the actor may open: those with a role or deputy role, or all for the two wide rights.

    Everything else answers 404, so that a stranger cannot tell whether a program exists.
    """
    programs = Program.objects.select_related("portfolio")
    if actor.sees_everything:
        return programs
    mine = Role.objects.filter(program=OuterRef("pk")).filter(Q(holder=actor) | Q(deputy=actor))
    return programs.filter(Exists(mine))
