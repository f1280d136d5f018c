"""Reads issues, and computes late discovery from them (S12, S13, S90). Must not write."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import Count, F, Q
from django.http import Http404

from core import clock
from phases.models import Criterion, Phase
from programs.models import OwnershipArea, Program
from registers.domain import issues as rules
from registers.domain.issues import DimensionCost, Find, Share
from registers.enums import Severity
from registers.models import Issue
from risks.models import Risk

LATE = Q(found_phase__position__gt=F("expected_phase__position"))
FILTERS: Mapping[str, tuple[str, Q]] = {
    "open": ("Open", Q(closed_on__isnull=True)),
    "late": ("Found late", LATE),
    "severe": ("High and critical", Q(severity__in=[Severity.HIGH, Severity.CRITICAL], closed_on__isnull=True)),
    "closed": ("Closed", Q(closed_on__isnull=False)),
    "all": ("All", Q()),
}


def late_discovery_share(program: Program) -> Share:
    """Return how many issues of a program were found late (one query; S12, pm-late-discovery)."""
    found = Issue.objects.filter(program=program).aggregate(late=Count("pk", filter=LATE), of=Count("pk"))
    return Share(found["late"], found["of"])


def late_discovery_cost(program: Program) -> list[DimensionCost]:
    """Return effort and delay of early and late finds per dimension (one query; S13)."""
    return rules.cost_by_dimension(finds(program))


def late_discovery_trend(program: Program) -> list[tuple[dt.date, Share]]:
    """Return the share at the end of each program week until today (one query; S90)."""
    return rules.trend(finds(program), start=program.start_date, today=clock.today(program.time_zone))


def finds(program: Program) -> list[Find]:
    """Return every issue of a program as a fact (one query)."""
    rows = Issue.objects.filter(program=program).values_list(
        "found_phase__position", "expected_phase__position", "dimension_name", "effort_hours", "delay_days", "opened_on"
    )
    return [Find(*row) for row in rows]


def counts(program: Program) -> dict[str, int]:
    """Return how many issues each filter shows (one query)."""
    named = {name: Count("pk", filter=condition) for name, (_, condition) in FILTERS.items() if name != "all"}
    return Issue.objects.filter(program=program).aggregate(all=Count("pk"), **named)


def listed(program: Program, chosen: str) -> list[Issue]:
    """Return the issues of a filter (one query)."""
    _, condition = FILTERS[chosen]
    rows = list(
        Issue.objects.filter(condition, program=program).select_related(
            "found_phase", "expected_phase", "area__role__holder"
        )
    )
    for row in rows:
        row.program = program
    return rows


def find_issue(program: Program, number: int) -> Issue:
    """Return one issue. Errors: Http404."""
    found = (
        Issue.objects.filter(program=program, number=number)
        .select_related(
            "found_phase",
            "expected_phase",
            "area__role__holder",
            "area__role__deputy",
            "risk",
            "logged_by",
            "closed_by",
        )
        .first()
    )
    if found is None:
        raise Http404("No such issue")
    found.program = program
    return found


def dimensions_of(program: Program) -> list[tuple[str, str]]:
    """Return slug and name of the dimensions of a program's criteria (one query)."""
    found = Criterion.objects.filter(program=program).order_by("event__day", "position")
    return list(dict.fromkeys(found.values_list("dimension_slug", "dimension_name")))


def choices_of(program: Program) -> tuple[list[Phase], list[OwnershipArea], list[Risk]]:
    """Return what an issue can point to: phases, ownership areas and risks (three queries)."""
    return (
        list(Phase.objects.filter(program=program)),
        list(OwnershipArea.objects.filter(program=program)),
        list(Risk.objects.filter(program=program)),
    )


def phase_on(phases: Sequence[Phase], day: dt.date) -> Phase | None:
    """Return the phase a date falls in: the first one before the program, the last one after it."""
    return next((phase for phase in phases if day <= phase.end_date), phases[-1] if phases else None)
