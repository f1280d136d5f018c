"""Which rows somebody may see. Must not render or decide more than visibility."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from core.gathering import PreparedRows
from programs.models import Program, Role


def visible_to(actor: User) -> QuerySet[Program]:
    """Return the programs the actor may open: those with a role or deputy role, or all for the two wide rights.

    Everything else answers 404, so that a stranger cannot tell whether a program exists.
    """
    return visible(actor.pk, everything=actor.sees_everything)


def visible(person: int, *, everything: bool) -> QuerySet[Program]:
    """Do the same for the id of a person, for statements that are made once for all people."""
    programs = Program.objects.select_related("portfolio")
    if everything:
        return programs
    mine = Role.objects.filter(program=OuterRef("pk")).filter(Q(holder=person) | Q(deputy=person))
    return programs.filter(Exists(mine))


def _named(slug: str, person: int, *, everything: bool) -> QuerySet[Program]:
    return visible(person, everything=everything).filter(slug=slug).order_by()


_ANY = PreparedRows(lambda slug, person: _named(slug, person, everything=True))
_OWN = PreparedRows(lambda slug, person: _named(slug, person, everything=False))


def one_visible_to(actor: User, slug: str) -> Program | None:
    """Return the program of this name, of those that are visible to the actor (one query)."""
    return (_ANY if actor.sees_everything else _OWN).first(slug, actor.pk)
