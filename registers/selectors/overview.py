"""How much stands in each register: the numbers beside their tabs. Must not write."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from phases.models import ChallengeQuestion
from programs.models import Program
from registers.enums import ScopeState
from registers.models import Assumption, ChallengeAnswer, DecisionRecord, Issue, ScopeChange


@dataclass(frozen=True)
class Tab:
    """One register in the row of links: its name, address and what waits in it."""

    slug: str
    name: str
    count: int
    word: str

    @property
    def url_name(self) -> str:
        """Name of the address of its page."""
        return f"logs_{self.slug}"


def tabs(program: Program) -> list[Tab]:
    """Return the five registers with what is open in each (one query)."""
    found = Program.objects.filter(pk=program.pk).values_list(
        _count(Assumption.objects.filter(result="")),
        _count(Issue.objects.filter(closed_on__isnull=True)),
        _count(ScopeChange.objects.filter(state=ScopeState.REQUESTED)),
        _count(DecisionRecord.objects.filter(superseded_by__isnull=True)),
        _count(ChallengeQuestion.objects.exclude(pk__in=ChallengeAnswer.objects.values("question"))),
    )
    untested, open_issues, waiting, decisions, unanswered = found.get()
    return [
        Tab("assumptions", "Assumptions", untested, "untested"),
        Tab("issues", "Issues", open_issues, "open"),
        Tab("scope", "Scope changes", waiting, "waiting"),
        Tab("decisions", "Decisions", decisions, "in force"),
        Tab("challenge", "Challenge session", unanswered, "unanswered"),
    ]


def _count(rows: QuerySet) -> Coalesce:  # type: ignore[type-arg]  # rows of any model
    counted = rows.filter(program=OuterRef("pk")).order_by().values("program").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
