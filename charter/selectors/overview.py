"""What waits in each part of the charter: the numbers beside its links. Must not write."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from charter.models import BriefAcknowledgement, BriefVersion, DataGap, Dependency, ProblemSignature, ProblemStatement
from charter.models import StakeholderContact as Contact
from charter.selectors.dependencies import OPEN
from programs.models import OutcomeStatement, Program, StakeholderGroup


@dataclass(frozen=True)
class Tab:
    """One part in the row of links: its name, the name of its address, and what waits in it."""

    slug: str
    name: str
    said: str

    @property
    def url_name(self) -> str:
        """Name of the address of its page."""
        return f"charter_{self.slug}" if self.slug != "trace" else "trace"


def tabs(program: Program, today: dt.date) -> list[Tab]:
    """Return the parts with what is open in each (one query)."""
    newest_problem = ProblemStatement.objects.filter(program=OuterRef("statement__program")).order_by("-number")
    newest_brief = BriefVersion.objects.filter(program=OuterRef("brief__program"), published_at__isnull=False)
    row = Program.objects.filter(pk=program.pk).values_list(
        _count(OutcomeStatement.objects.all()),
        _count(ProblemStatement.objects.all()),
        _count(
            ProblemSignature.objects.filter(signed_by=None, statement=Subquery(newest_problem.values("pk")[:1])),
            "statement__program",
        ),
        _count(BriefVersion.objects.filter(published_at__isnull=False)),
        _count(
            BriefAcknowledgement.objects.filter(
                by=None, brief=Subquery(newest_brief.order_by("-number").values("pk")[:1])
            ),
            "brief__program",
        ),
        _count(DataGap.objects.filter(closed_on=None)),
        _count(StakeholderGroup.objects.exclude(pk__in=Contact.objects.values("group"))),
        _count(Dependency.objects.filter(state__in=OPEN, needed_by__lt=today)),
    )
    outcomes, problems, unsigned, briefs, unread, gaps, silent, late = row.get()
    return [
        Tab("outcome", "Outcome", f"version {outcomes}" if outcomes else "none yet"),
        Tab("problem", "Problem", _said(unsigned, "unsigned", "signed") if problems else "none yet"),
        Tab("brief", "Brief", _said(unread, "not acknowledged", "acknowledged") if briefs else "not published"),
        Tab("data", "Data sources", _said(gaps, "gaps open" if gaps != 1 else "gap open", "no open gap")),
        Tab("stakeholders", "Stakeholders", _said(silent, "without contact", "all spoken to")),
        Tab("dependencies", "Dependencies", _said(late, "late", "none late")),
        Tab("trace", "Trace", "from priority to task"),
    ]


def _said(number: int, waiting: str, settled: str) -> str:
    return f"{number} {waiting}" if number else settled


def _count(rows: QuerySet, program: str = "program") -> Coalesce:  # type: ignore[type-arg]  # rows of any model
    counted = rows.filter(**{program: OuterRef("pk")}).order_by().values(of=F(program))
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
