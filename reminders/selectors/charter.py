"""What the charter of one program leaves open, as the planner's facts. Must not decide anything."""

from datetime import date

from charter.models import BriefAcknowledgement, DataGap, Dependency, ProblemSignature
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
    if ids[Kind.BRIEF]:
        rows = BriefAcknowledgement.objects.filter(pk__in=ids[Kind.BRIEF], by=None).select_related("brief__program")
        for row in rows:
            at = row.brief.published_at
            newer = row.brief.program.brief_versions.filter(number__gt=row.brief.number, published_at__isnull=False)
            if at is not None and not newer.exists():
                found[Kind.BRIEF, row.pk] = local_date(at, row.brief.program.time_zone)
    if ids[Kind.SIGNATURE]:
        places = ProblemSignature.objects.filter(pk__in=ids[Kind.SIGNATURE], signed_by=None)
        for place in places.select_related("statement__program"):
            program = place.statement.program
            if not program.problem_statements.filter(number__gt=place.statement.number).exists():
                found[Kind.SIGNATURE, place.pk] = local_date(place.statement.logged_at, program.time_zone)
    if ids[Kind.CONTACT]:
        for group in StakeholderGroup.objects.filter(pk__in=ids[Kind.CONTACT]).select_related("program"):
            found[Kind.CONTACT, group.pk] = _contact_due(group)
    for gap in DataGap.objects.filter(pk__in=ids[Kind.DATA_GAP], closed_on=None).select_related("program"):
        found[Kind.DATA_GAP, gap.pk] = gap_due(gap.program, gap)
    for wait in Dependency.objects.filter(pk__in=ids[Kind.DEPENDENCY], state__in=OPEN):
        found[Kind.DEPENDENCY, wait.pk] = wait.needed_by
    return found


def _contact_due(group: StakeholderGroup) -> date | None:
    today = clock.today(group.program.time_zone)
    views = groups(group.program, cast_of(group.program), today)
    return next((view.standing.due for view in views if view.group.pk == group.pk), None)
