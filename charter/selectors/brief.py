"""Reads the program brief: the draft, published versions, who still has to acknowledge (S42, S43). Must not write."""

from charter.domain.brief import SECTIONS
from charter.models import BriefAcknowledgement, BriefVersion
from core import clock
from phases.models import Phase
from programs.models import Program, StakeholderGroup


def brief_versions(program: Program) -> list[BriefVersion]:
    """Return all versions, newest first: at most one draft, then published ones (one query)."""
    rows = list(BriefVersion.objects.filter(program=program).select_related("published_by", "logged_by"))
    for row in rows:
        row.program = program
    return rows


def draft_of(versions: list[BriefVersion]) -> BriefVersion | None:
    """The version that is being written, if any."""
    return next((row for row in versions if row.published_at is None), None)


def published_of(versions: list[BriefVersion]) -> BriefVersion | None:
    """The newest published version, if any."""
    return next((row for row in versions if row.published_at is not None), None)


def brief_words(row: BriefVersion) -> dict[str, str]:
    """The four sections as texts."""
    return {name: str(getattr(row, name)) for name in SECTIONS}


def acknowledgements(brief: BriefVersion | None) -> list[BriefAcknowledgement]:
    """Return who was asked about a version and who answered, in the groups' order (one query)."""
    if brief is None:
        return []
    return list(brief.acknowledgements.select_related("group", "by"))


def waiting_acknowledgements(program: Program) -> list[BriefAcknowledgement]:
    """Return what is asked for the newest published version and not given yet (one query)."""
    newest = BriefVersion.objects.filter(program=program, published_at__isnull=False).order_by("-number")
    rows = BriefAcknowledgement.objects.filter(brief__in=newest.values("pk")[:1], by=None)
    return list(rows.select_related("group__owner_role", "brief"))


def groups_to_ask(program: Program) -> list[StakeholderGroup]:
    """Return the groups that acknowledge the brief and whose phase has begun by its plan (two queries).

    A group of a later phase is asked by the version that is published in that phase.
    """
    wanted = StakeholderGroup.objects.filter(program=program, acknowledges_brief=True)
    begun = begun_phases(program)
    return [group for group in wanted if not group.phase_slug or group.phase_slug in begun]


def begun_phases(program: Program) -> set[str]:
    """Return the slugs of phases whose first day has come (one query)."""
    from_day = clock.today(program.time_zone)
    return set(Phase.objects.filter(program=program, start_date__lte=from_day).values_list("slug", flat=True))
