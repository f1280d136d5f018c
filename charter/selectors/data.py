"""Reads data sources, checks of them and gaps (S33-S37). Must not write."""

import datetime as dt
from dataclasses import dataclass, field

from django.http import Http404

from charter.domain.data import due_of_gap
from charter.domain.limits import data_remediation_by_day
from charter.enums import CheckKind, Finding
from charter.models import DataCheck, DataGap, DataSource
from programs.models import Program
from programs.selectors import Cast


@dataclass
class SourceView:
    """A source with the newest check of each kind, all checks, and its gaps."""

    row: DataSource
    checks: list[DataCheck] = field(default_factory=list)
    gaps: list["GapView"] = field(default_factory=list)

    @property
    def newest(self) -> dict[CheckKind, DataCheck]:
        """The check that counts, by kind."""
        found: dict[CheckKind, DataCheck] = {}
        for check in self.checks:
            found.setdefault(CheckKind(check.kind), check)
        return found

    @property
    def statuses(self) -> list[tuple[CheckKind, DataCheck | None]]:
        """The three statuses of the source, None where nobody checked (S35)."""
        newest = self.newest
        return [(kind, newest.get(kind)) for kind in CheckKind]

    @property
    def findings(self) -> dict[CheckKind, Finding]:
        """What the newest checks said."""
        return {kind: Finding(check.finding) for kind, check in self.newest.items()}

    @property
    def open_gaps(self) -> int:
        """How many gaps are open."""
        return sum(gap.row.is_open for gap in self.gaps)


@dataclass(frozen=True)
class GapView:
    """A gap with the day by which it has to be closed and whether that has passed (S37)."""

    row: DataGap
    due: dt.date
    is_late: bool


def sources(program: Program, cast: Cast, today: dt.date) -> list[SourceView]:
    """Return every source with checks and gaps (three queries)."""
    return _views(program, list(DataSource.objects.filter(program=program).select_related("logged_by")), cast, today)


def find_source(program: Program, number: int, cast: Cast, today: dt.date) -> SourceView:
    """Return one source with checks and gaps (three queries). Errors: Http404."""
    rows = DataSource.objects.filter(program=program, number=number).select_related("logged_by")
    found = _views(program, list(rows), cast, today)
    if not found:
        raise Http404("No such data source")
    return found[0]


def find_gap(program: Program, number: int) -> DataGap:
    """Return one gap. Errors: Http404."""
    found = DataGap.objects.filter(program=program, number=number).select_related("source", "owner_role").first()
    if found is None:
        raise Http404("No such gap")
    found.program = program
    return found


def gap_due(program: Program, gap: DataGap) -> dt.date:
    """The day by which a gap has to be closed: its own, never after the program's remediation day (S37)."""
    return due_of_gap(program.start_date, data_remediation_by_day(program.limits), gap.due_date)


def _views(program: Program, rows: list[DataSource], cast: Cast, today: dt.date) -> list[SourceView]:
    found = {row.pk: SourceView(row) for row in rows}
    for row in rows:
        row.program = program
    for check in DataCheck.objects.filter(source__in=found).select_related("logged_by"):
        found[check.source_id].checks.append(check)
    for gap in DataGap.objects.filter(source__in=found).order_by("closed_on", "number"):
        gap.program, gap.owner_role, gap.source = program, cast.by_id[gap.owner_role_id], found[gap.source_id].row
        due = gap_due(program, gap)
        found[gap.source_id].gaps.append(GapView(gap, due, gap.is_open and due < today))
    for view in found.values():
        view.gaps.sort(key=lambda gap: (not gap.row.is_open, gap.due, gap.row.number))
    return list(found.values())
