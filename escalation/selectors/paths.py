"""Reads a program's paths as data: their levels, and by which clock they run. Must not write."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from escalation.defaults import defaults
from escalation.domain.clock import Terms, Wait
from escalation.models import PathTerms
from programs.enums import Duration
from programs.models import Program
from risks.models import EscalationLevel, EscalationPath


def paths_of(program: Program) -> list[EscalationPath]:
    """The paths of a program with levels, roles and terms (three queries, whatever their number)."""
    return list(with_levels(EscalationPath.objects.filter(program=program)))


def find_path(program: Program, slug: str) -> EscalationPath:
    """One path with levels, roles and terms. Errors: Http404."""
    found = with_levels(EscalationPath.objects.filter(program=program, slug=slug)).first()
    if found is None:
        raise Http404("No such path")
    return found


def with_levels(rows: QuerySet[EscalationPath]) -> QuerySet[EscalationPath]:
    """Paths with what their clock needs."""
    levels = EscalationLevel.objects.order_by("position").prefetch_related("roles")
    return rows.select_related("terms").prefetch_related(Prefetch("levels", queryset=levels))


def levels_of(path: EscalationPath) -> list[EscalationLevel]:
    """The levels, first to last."""
    return list(path.levels.all())


def settled(path: EscalationPath) -> PathTerms:
    """What the program settled about a path, or what the shipped data says (unsaved, version 1)."""
    row: PathTerms | None = getattr(path, "terms", None)
    return row or PathTerms(path=path, round_the_clock=path.slug in defaults().round_the_clock)


def waits_of(levels: Sequence[EscalationLevel]) -> list[Wait]:
    """The levels as the clock sees them."""
    return [Wait(Duration(level.unit), level.amount) for level in levels]


def clock_of(program: Program, path: EscalationPath) -> Terms:
    """By which calendar, zone and hours a path of this program runs."""
    given = defaults()
    return Terms(program.calendar, program.time_zone, given.hours, settled(path).round_the_clock, given.patience)
