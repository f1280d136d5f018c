"""A program together with when the actor last looked at it, in one query. Must not write."""

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.models import User
from core.gathering import PreparedRows
from dashboard.models import Visit
from programs.models import Program
from programs.querysets import visible


def program_with_visit(actor: User, slug: str) -> Program | None:
    """Return the program if the actor may see it, with the actor's visit annotated."""
    return (_ANY if actor.sees_everything else _OWN).first(slug, actor.pk)


def _with_visit(slug: str, person: int, *, everything: bool) -> QuerySet[Program]:
    return (
        visible(person, everything=everything)
        .filter(slug=slug)
        .annotate(own=FilteredRelation("visits", condition=Q(visits__user=person)))
        .annotate(visit_id=F("own__id"), visit_last_at=F("own__last_at"), visit_before_at=F("own__before_at"))
        .order_by()
    )


_ANY = PreparedRows(lambda slug, person: _with_visit(slug, person, everything=True))
_OWN = PreparedRows(lambda slug, person: _with_visit(slug, person, everything=False))


def visit_of(actor: User, program: Program) -> Visit | None:
    """Return the visit that `program_with_visit` found."""
    if program.visit_id is None:  # type: ignore[attr-defined]  # annotated above, like the next ones
        return None
    return Visit(
        pk=program.visit_id,  # type: ignore[attr-defined]
        user=actor,
        program=program,
        last_at=program.visit_last_at,  # type: ignore[attr-defined]
        before_at=program.visit_before_at,  # type: ignore[attr-defined]
    )
