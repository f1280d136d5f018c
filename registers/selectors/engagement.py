"""When security and privacy began to work with the program (S39). Must not write."""

import datetime as dt
from dataclasses import dataclass

from phases.models import Criterion, Evidence
from programs.domain.calendar import day_of
from programs.models import Program
from registers.domain import engagement as rules


@dataclass(frozen=True)
class Engagement:
    """One function: the program day of its first proof (None: not engaged), the day it was due, and the judgement."""

    function: str
    criterion: Criterion
    first_day: int | None
    due_day: int
    is_late: bool


def first_engaged(program: Program, *, today: dt.date) -> list[Engagement]:
    """Return when each function was first engaged; late is amber, and shown on the executive page (two queries).

    Functions whose criterion the program's playbook does not have are left out. Withdrawn proof counts for nothing.
    """
    functions = {slug: name for name, slug in rules.CRITERION_OF.items()}
    criteria = list(Criterion.objects.filter(program=program, slug__in=functions, applicable=True))
    dates: dict[int, list[dt.date]] = {criterion.pk: [] for criterion in criteria}
    proofs = Evidence.objects.filter(criterion__in=criteria, withdrawn_at__isnull=True)
    for criterion_id, day in proofs.values_list("criterion_id", "effective_date"):
        dates[criterion_id].append(day)
    now = day_of(program.start_date, today)
    found = []
    for criterion in criteria:
        criterion.program = program
        first = rules.first_day(program.start_date, dates[criterion.pk])
        late = rules.is_late(first, now, criterion.due_day)
        found.append(Engagement(functions[criterion.slug], criterion, first, criterion.due_day, late))
    return found
