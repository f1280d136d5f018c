"""What the charter of one program leaves open, as the planner's facts. Must not decide anything."""

from datetime import date

from django.db.models import Exists, OuterRef

from charter.models import (
    BriefAcknowledgement,
    BriefVersion,
    DataGap,
    Dependency,
    ProblemSignature,
    ProblemStatement,
)
from charter.policies import speaker_of
from charter.selectors.brief import waiting_acknowledgements
from charter.selectors.data import gap_due, open_gaps
from charter.selectors.dependencies import OPEN, open_dependencies
from charter.selectors.problem import waiting_signatures
from charter.selectors.stakeholders import groups
from core import clock
from core.text import shorten
from programs.domain.localtime import local_date
from programs.models import Program, StakeholderGroup
from programs.selectors import Cast, cast_of
from reminders.domain.facts import ItemFacts, WantedFacts
from reminders.enums import Kind, RuleSlug

KINDS = frozenset({Kind.BRIEF, Kind.SIGNATURE, Kind.CONTACT, Kind.DATA_GAP, Kind.DEPENDENCY})


def items(program: Program, cast: Cast) -> tuple[ItemFacts, ...]:
    """Gaps of the data and dependencies: due and overdue like other items, up the same ladder (two queries)."""
    gaps = [
        ItemFacts(
            Kind.DATA_GAP, gap.pk, str(gap.source.number), f"Data gap: {gap.title}", gap_due(program, gap),
            cast.by_id[gap.owner_role_id].slug,
        )
        for gap in open_gaps(program)
    ]  # fmt: skip
    waits = [
        ItemFacts(
            Kind.DEPENDENCY, row.pk, str(row.number), f"{row.team}: {row.what}", row.needed_by,
            cast.by_id[row.owner_role_id].slug,
        )
        for row in open_dependencies(program)
    ]  # fmt: skip
    return (*gaps, *waits)


def wanted(program: Program, cast: Cast) -> tuple[WantedFacts, ...]:
    """Signatures, acknowledgements and contacts that are waited for (five queries)."""
    zone, found = program.time_zone, []
    for signature in waiting_signatures(program):
        statement = signature.statement
        since = local_date(statement.logged_at, zone)
        label = f"Problem statement: {shorten(statement.problem, 120)}"
        slug = str(statement.number)
        found.append(
            WantedFacts(Kind.SIGNATURE, signature.pk, slug, label, since, signature.seat, RuleSlug.SIGNATURE_WANTED)
        )
    for row in waiting_acknowledgements(program):
        if row.brief.published_at is None:
            continue
        since, label = local_date(row.brief.published_at, zone), f"Program brief, for {row.group.name}"
        role = speaker_of(row.group, cast)
        found.append(WantedFacts(Kind.BRIEF, row.pk, row.group.slug, label, since, role, RuleSlug.BRIEF_WANTED))
    for view in groups(program, cast, clock.today(zone)):
        due = view.standing.due
        if due is not None:
            label, role = f"Speak to {view.group.name}", view.owner_role.slug
            found.append(
                WantedFacts(Kind.CONTACT, view.group.pk, view.group.slug, label, due, role, RuleSlug.CONTACT_OVERDUE)
            )
    return tuple(found)


def dates(ids: dict[str, set[int]]) -> dict[tuple[str, int], date | None]:
    """The day each of these still stands for, for the last look before a mail leaves (P11).

    Nothing is asked for kinds nobody is mailed about.
    """
    found: dict[tuple[str, int], date | None] = {}
    later = BriefVersion.objects.filter(
        program=OuterRef("brief__program"), number__gt=OuterRef("brief__number"), published_at__isnull=False
    )
    asked = BriefAcknowledgement.objects.filter(~Exists(later), pk__in=ids[Kind.BRIEF], by=None)
    for pk, published, zone in asked.values_list("pk", "brief__published_at", "brief__program__time_zone"):
        found[Kind.BRIEF, pk] = local_date(published, zone) if published else None
    newer = ProblemStatement.objects.filter(
        program=OuterRef("statement__program"), number__gt=OuterRef("statement__number")
    )
    places = ProblemSignature.objects.filter(~Exists(newer), pk__in=ids[Kind.SIGNATURE], signed_by=None)
    for pk, at, zone in places.values_list("pk", "statement__logged_at", "statement__program__time_zone"):
        found[Kind.SIGNATURE, pk] = local_date(at, zone)
    spoken = StakeholderGroup.objects.filter(pk__in=ids[Kind.CONTACT]).values("program")
    for program in Program.objects.filter(pk__in=spoken) if ids[Kind.CONTACT] else ():
        views = groups(program, cast_of(program), clock.today(program.time_zone))
        found.update({(Kind.CONTACT, view.group.pk): view.standing.due for view in views})
    for gap in DataGap.objects.filter(pk__in=ids[Kind.DATA_GAP], closed_on=None).select_related("program"):
        found[Kind.DATA_GAP, gap.pk] = gap_due(gap.program, gap)
    for wait in Dependency.objects.filter(pk__in=ids[Kind.DEPENDENCY], state__in=OPEN):
        found[Kind.DEPENDENCY, wait.pk] = wait.needed_by
    return found
