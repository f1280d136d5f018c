"""What the charter of one program leaves open, as the planner's facts. Must not decide anything."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.db.models import Exists, OuterRef

from charter.models import (
    BriefAcknowledgement,
    BriefVersion,
    DataGap,
    DataSource,
    Dependency,
    ProblemSignature,
    ProblemStatement,
    StakeholderContact,
    StakeholderPlan,
)
from charter.policies import speaker_of
from charter.selectors.data import gap_due
from charter.selectors.dependencies import OPEN
from charter.selectors.stakeholders import group_views, groups
from core import clock
from core.gathering import hung
from core.text import shorten
from phases.models import Phase
from programs.domain.localtime import local_date
from programs.models import Program, StakeholderGroup
from programs.selectors import Cast, cast_of
from reminders.domain.facts import ItemFacts, WantedFacts
from reminders.enums import Kind, RuleSlug
from reminders.selectors.rows import Rows

KINDS = frozenset({Kind.BRIEF, Kind.SIGNATURE, Kind.CONTACT, Kind.DATA_GAP, Kind.DEPENDENCY})


def items(rows: Rows, cast: Cast) -> tuple[ItemFacts, ...]:
    """Gaps of the data and dependencies: due and overdue like other items, up the same ladder."""
    sources = rows.by_id(DataSource)
    gaps = [
        ItemFacts(
            Kind.DATA_GAP, gap.pk, str(sources[gap.source_id].number), f"Data gap: {gap.title}",
            gap_due(rows.program, gap), cast.by_id[gap.owner_role_id].slug,
        )
        for gap in sorted(rows.of(DataGap), key=lambda gap: (gap.number, gap.pk))
    ]  # fmt: skip
    waits = [
        ItemFacts(
            Kind.DEPENDENCY, row.pk, str(row.number), f"{row.team}: {row.what}", row.needed_by,
            cast.by_id[row.owner_role_id].slug,
        )
        for row in sorted(rows.of(Dependency), key=lambda row: (row.needed_by, row.number))
    ]  # fmt: skip
    return (*gaps, *waits)


def wanted(rows: Rows, cast: Cast) -> tuple[WantedFacts, ...]:
    """Signatures, acknowledgements and contacts that are waited for; the people of `cast` are loaded."""
    return (*_signatures(rows), *_acknowledgements(rows, cast), *_contacts(rows, cast))


def _signatures(rows: Rows) -> Iterable[WantedFacts]:
    for statement in rows.of(ProblemStatement):  # the newest one
        since = local_date(statement.logged_at, rows.program.time_zone)
        label = f"Problem statement: {shorten(statement.problem, 120)}"
        slug = str(statement.number)
        for row in rows.of(ProblemSignature):
            if row.statement_id == statement.pk:
                yield WantedFacts(Kind.SIGNATURE, row.pk, slug, label, since, row.seat, RuleSlug.SIGNATURE_WANTED)


def _acknowledgements(rows: Rows, cast: Cast) -> Iterable[WantedFacts]:
    newest = max(rows.of(BriefVersion), key=lambda brief: brief.number, default=None)
    if newest is None or newest.published_at is None:
        return
    groups, since = rows.by_id(StakeholderGroup), local_date(newest.published_at, rows.program.time_zone)
    asked = [(groups[row.group_id], row) for row in rows.of(BriefAcknowledgement) if row.brief_id == newest.pk]
    for group, row in sorted(asked, key=lambda pair: (pair[0].position, pair[1].pk)):
        label, role = f"Program brief, for {group.name}", speaker_of(group, cast)
        yield WantedFacts(Kind.BRIEF, row.pk, group.slug, label, since, role, RuleSlug.BRIEF_WANTED)


def _contacts(rows: Rows, cast: Cast) -> Iterable[WantedFacts]:
    found = rows.of(StakeholderGroup)
    hung(found, "plan", {plan.group_id: plan for plan in rows.of(StakeholderPlan)})
    begins = {phase.slug: phase.start_date for phase in rows.of(Phase)}
    last = {contact.group_id: contact.on for contact in rows.of(StakeholderContact)}
    today = clock.today(rows.program.time_zone)
    for view in group_views(rows.program, cast, today, found, begins, last):
        due = view.standing.due
        if due is not None:
            label, role, pk = f"Speak to {view.group.name}", view.owner_role.slug, view.group.pk
            yield WantedFacts(Kind.CONTACT, pk, view.group.slug, label, due, role, RuleSlug.CONTACT_OVERDUE)


def dates(ids: dict[str, set[int]]) -> dict[tuple[str, int], date | None]:
    """The day each of these still stands for, for the last look before a mail leaves (P11).

    Nothing is asked for kinds nobody is mailed about.
    """
    found: dict[tuple[str, int], date | None] = {}
    for kind, read in _READ.items():
        if ids[kind]:
            found.update(((kind, pk), due) for pk, due in read(ids[kind]))
    return found


_Days = Iterator[tuple[int, date | None]]


def _briefs(ids: set[int]) -> _Days:
    later = BriefVersion.objects.filter(
        program=OuterRef("brief__program"), number__gt=OuterRef("brief__number"), published_at__isnull=False
    )
    asked = BriefAcknowledgement.objects.filter(~Exists(later), pk__in=ids, by=None)
    for pk, published, zone in asked.values_list("pk", "brief__published_at", "brief__program__time_zone"):
        yield pk, local_date(published, zone) if published else None


def _places(ids: set[int]) -> _Days:
    newer = ProblemStatement.objects.filter(
        program=OuterRef("statement__program"), number__gt=OuterRef("statement__number")
    )
    places = ProblemSignature.objects.filter(~Exists(newer), pk__in=ids, signed_by=None)
    for pk, at, zone in places.values_list("pk", "statement__logged_at", "statement__program__time_zone"):
        yield pk, local_date(at, zone)


def _spoken_to(ids: set[int]) -> _Days:
    spoken = StakeholderGroup.objects.filter(pk__in=ids).values("program")
    for program in Program.objects.filter(pk__in=spoken):
        for view in groups(program, cast_of(program), clock.today(program.time_zone)):
            yield view.group.pk, view.standing.due


def _gaps(ids: set[int]) -> _Days:
    for gap in DataGap.objects.filter(pk__in=ids, closed_on=None).select_related("program"):
        yield gap.pk, gap_due(gap.program, gap)


def _waits(ids: set[int]) -> _Days:
    for wait in Dependency.objects.filter(pk__in=ids, state__in=OPEN):
        yield wait.pk, wait.needed_by


_READ: dict[Kind, Callable[[set[int]], _Days]] = {
    Kind.BRIEF: _briefs,
    Kind.SIGNATURE: _places,
    Kind.CONTACT: _spoken_to,
    Kind.DATA_GAP: _gaps,
    Kind.DEPENDENCY: _waits,
}
