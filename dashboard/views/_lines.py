"""One page of portfolio lines that are all there, shared by the two pages that list programs."""

from django.core.paginator import Page
from django.db.models import QuerySet

from dashboard import services
from dashboard.selectors import portfolio as selectors
from programs.models import Program

AT_ONCE = 200  # lines computed while somebody waits; more are left to the task


def refresh_some(programs: QuerySet[Program]) -> None:
    """Compute the lines that are out of date, as many as somebody can wait for."""
    services.refresh(services.stale(programs)[:AT_ONCE])


def page_of(programs: QuerySet[Program], total: int, number: str, colour: str) -> Page[Program]:
    """Return one page of programs, worst first, each with its line.

    After many launches at once some have none yet; those on this page are computed now.
    """
    page = selectors.page_of(programs, total, number, colour)
    missing = [program for program in page if not hasattr(program, "standing")]
    if not missing:
        return page
    services.refresh(Program.objects.filter(pk__in=[program.pk for program in missing]))
    return selectors.page_of(programs, total, number, colour)
